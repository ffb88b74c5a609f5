namespace MiniPlane.Cel;

/// <summary>What sort of value a type describes.</summary>
public enum CelKind
{
    /// <summary>Known only when the expression runs.</summary>
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,

    /// <summary>Named fields of known types.</summary>
    Object,
    Optional,
    Type,
    Quantity,
    Url,
    Ip,
    Cidr,
    Semver,
    Format,

    /// <summary>The authorizer and what it answers.</summary>
    Authorizer,
}
