namespace MiniPlane.ApiServer.Registry;

/// <summary>What happens to fields that are unknown or given twice (<c>?fieldValidation=</c>).</summary>
public enum FieldValidation
{
    Ignore,

    /// <summary>Accepted, and the client is told in a <c>Warning</c> header. The default, as upstream.</summary>
    Warn,

    /// <summary>Refused with 400.</summary>
    Strict,
}
