namespace MiniPlane.Objects.Errors;

/// <summary>One cause inside a Status (meta.v1.StatusCause). <paramref name="Reason"/> is e.g. <c>FieldValueInvalid</c>.</summary>
public sealed record StatusCause(string Reason, string Message, string Field);
