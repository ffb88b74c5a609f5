namespace MiniPlane.Objects.Documents;

/// <summary>meta.v1.OwnerReference.</summary>
public sealed record OwnerReference(
    string ApiVersion, string Kind, string Name, string Uid, bool IsController, bool BlocksOwnerDeletion);
