namespace MiniPlane.Objects.Catalogue;

/// <summary>What JSON a type is written as.</summary>
public enum TypeForm
{
    /// <summary>A JSON object with declared fields.</summary>
    Object,
    String,
    Boolean,
    Int32,
    Int64,
    Double,

    /// <summary>Base64 text.</summary>
    Bytes,

    /// <summary>RFC 3339, seconds (meta.v1.Time).</summary>
    Time,

    /// <summary>RFC 3339, microseconds (meta.v1.MicroTime).</summary>
    MicroTime,

    /// <summary>api.resource.Quantity: a JSON string or number.</summary>
    Quantity,

    /// <summary>util.intstr.IntOrString: a JSON integer or string.</summary>
    IntOrString,

    /// <summary>Any JSON, kept as it is (RawExtension, JSON, FieldsV1).</summary>
    Any,
}
