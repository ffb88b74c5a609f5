using MiniPlane.Cel.Expressions;

namespace MiniPlane.Cel.Functions;

/// <summary>
/// Collects functions by signatures such as <c>string.indexOf(string, int) int</c> or <c>ip.isCanonical(string) bool</c> (a prefix that is
/// no type's name belongs to the function's name).
/// </summary>
internal sealed class FunctionList
{
    private static readonly Dictionary<string, CelType> Types = new(StringComparer.Ordinal)
    {
        ["dyn"] = CelType.Dyn,
        ["null"] = CelType.Null,
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Double,
        ["string"] = CelType.String,
        ["bytes"] = CelType.Bytes,
        ["timestamp"] = CelType.Timestamp,
        ["duration"] = CelType.Duration,
        ["type"] = CelType.Type,
        ["list"] = CelType.List(CelType.Dyn),
        ["strings"] = CelType.List(CelType.String),
        ["map"] = CelType.Map(CelType.Dyn, CelType.Dyn),
        ["mapOfStrings"] = CelType.Map(CelType.String, CelType.List(CelType.String)),
        ["optional"] = CelType.Optional(CelType.Dyn),
        ["Quantity"] = CelType.Of(CelKind.Quantity),
        ["URL"] = CelType.Of(CelKind.Url),
        ["IP"] = CelType.Of(CelKind.Ip),
        ["CIDR"] = CelType.Of(CelKind.Cidr),
        ["Semver"] = CelType.Of(CelKind.Semver),
        ["Format"] = CelType.Of(CelKind.Format),
        ["Authorizer"] = CelType.Of(CelKind.Authorizer),
    };

    public Dictionary<string, List<Overload>> Functions { get; } = new(StringComparer.Ordinal);

    public FunctionList Add(string signature, Func<object?[], object?> run) => Add(signature, (values, _) => run(values));

    public FunctionList Add(string signature, Func<object?[], Frame, object?> run)
    {
        int open = signature.IndexOf('(', StringComparison.Ordinal);
        int close = signature.LastIndexOf(')');
        string name = signature[..open];
        List<CelType> parameters = [];
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        bool isMember = dot > 0 && Types.ContainsKey(name[..dot]) && name[..dot] != "optional";
        if (name.StartsWith("<optional>.", StringComparison.Ordinal))
        {
            isMember = true;
            parameters.Add(Types["optional"]);
            name = name["<optional>.".Length..];
        }
        else if (isMember)
        {
            parameters.Add(Types[name[..dot]]);
            name = name[(dot + 1)..];
        }

        foreach (string word in signature[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            parameters.Add(Types[word]);
        }

        if (!Functions.TryGetValue(name, out List<Overload>? overloads))
        {
            overloads = [];
            Functions[name] = overloads;
        }

        overloads.Add(new Overload(name, isMember, [.. parameters], Types[signature[(close + 1)..].Trim()], run));
        return this;
    }
}
