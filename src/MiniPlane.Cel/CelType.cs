namespace MiniPlane.Cel;

/// <summary>The type of an expression or a variable. Immutable.</summary>
public sealed class CelType
{
    public static readonly CelType Dyn = new(CelKind.Dyn);
    public static readonly CelType Null = new(CelKind.Null);
    public static readonly CelType Bool = new(CelKind.Bool);
    public static readonly CelType Int = new(CelKind.Int);
    public static readonly CelType Uint = new(CelKind.Uint);
    public static readonly CelType Double = new(CelKind.Double);
    public static readonly CelType String = new(CelKind.String);
    public static readonly CelType Bytes = new(CelKind.Bytes);
    public static readonly CelType Timestamp = new(CelKind.Timestamp);
    public static readonly CelType Duration = new(CelKind.Duration);
    public static readonly CelType Type = new(CelKind.Type);

    private static readonly IReadOnlyDictionary<string, CelType> NoFields = new Dictionary<string, CelType>(StringComparer.Ordinal);

    private CelType(CelKind kind)
    {
        Kind = kind;
    }

    public CelKind Kind { get; }

    /// <summary>What a list or an optional value holds, or the values of a map; dyn when it is not known.</summary>
    public CelType Element { get => field ?? Dyn; private init; }

    /// <summary>The keys of a map.</summary>
    public CelType Key { get => field ?? Dyn; private init; }

    /// <summary>The name of an object's type.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The fields of an object by their names in JSON.</summary>
    public IReadOnlyDictionary<string, CelType> Fields { get; private init; } = NoFields;

    /// <summary>The most items, properties or characters that a value can have; null when nothing bounds it.</summary>
    public long? Largest { get; private init; }

    /// <summary>The order of a list's items does not matter when lists are compared.</summary>
    public bool IsUnordered { get; private init; }

    /// <summary>Properties of JSON that have no field of their own can be read, too.</summary>
    public bool IsOpen { get; private init; }

    public static CelType Of(CelKind kind) => new(kind);

    public static CelType List(CelType element, long? largest = null, bool isUnordered = false) =>
        new(CelKind.List) { Element = element, Largest = largest, IsUnordered = isUnordered };

    public static CelType Map(CelType key, CelType value, long? largest = null) =>
        new(CelKind.Map) { Key = key, Element = value, Largest = largest };

    public static CelType Optional(CelType element) => new(CelKind.Optional) { Element = element };

    public static CelType Object(string name, IReadOnlyDictionary<string, CelType> fields, bool isOpen = false) =>
        new(CelKind.Object) { Name = name, Fields = fields, IsOpen = isOpen };

    /// <summary>A text of a bounded length.</summary>
    public static CelType Text(long? largest) => new(CelKind.String) { Largest = largest };

    /// <summary>Whether a value of <paramref name="other"/> may stand where this type is asked for.</summary>
    public bool Accepts(CelType other)
    {
        if (Kind == CelKind.Dyn || other.Kind == CelKind.Dyn)
        {
            return true;
        }

        // Objects of the API are maps at run time, and null may stand for what holds other values.
        if (other.Kind == CelKind.Null || Kind == CelKind.Null)
        {
            return Kind == other.Kind
                || (Kind == CelKind.Null ? other : this).Kind is CelKind.Object or CelKind.Timestamp or CelKind.Duration or CelKind.Optional;
        }

        return (Kind, other.Kind) switch
        {
            (CelKind.Map, CelKind.Object) or (CelKind.Object, CelKind.Map) => true,
            (CelKind.List, CelKind.List) or (CelKind.Optional, CelKind.Optional) => Element.Accepts(other.Element),
            (CelKind.Map, CelKind.Map) => Key.Accepts(other.Key) && Element.Accepts(other.Element),
            _ => Kind == other.Kind,
        };
    }

    public override string ToString() => Kind switch
    {
        CelKind.List => $"list({Element})",
        CelKind.Map => $"map({Key}, {Element})",
        CelKind.Optional => $"optional_type({Element})",
        CelKind.Object => Name.Length > 0 ? Name : "object",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Null => "null",
        CelKind.Quantity => "kubernetes.Quantity",
        CelKind.Url => "kubernetes.URL",
        CelKind.Ip => "net.IP",
        CelKind.Cidr => "net.CIDR",
        CelKind.Semver => "kubernetes.Semver",
        CelKind.Format => "kubernetes.NamedFormat",
        CelKind.Authorizer => "kubernetes.authorization.Authorizer",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
