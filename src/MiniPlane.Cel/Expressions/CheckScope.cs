namespace MiniPlane.Cel.Expressions;

/// <summary>What names mean at one place of an expression, and what was found wrong so far.</summary>
internal sealed class CheckScope
{
    private readonly CheckScope? _outer;
    private readonly IReadOnlyDictionary<string, CelType> _variables;
    private readonly List<(int Position, string Message)> _errors;

    public CheckScope(IReadOnlyDictionary<string, CelType> variables)
    {
        _variables = variables;
        _errors = [];
    }

    private CheckScope(CheckScope outer, IReadOnlyDictionary<string, CelType> variables)
    {
        _outer = outer;
        _variables = variables;
        _errors = outer._errors;
    }

    public IReadOnlyList<(int Position, string Message)> Errors => _errors;

    public CheckScope With(string name, CelType type) =>
        new(this, new Dictionary<string, CelType>(StringComparer.Ordinal) { [name] = type });

    public CelType? Find(string name)
    {
        for (CheckScope? scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._variables.TryGetValue(name, out CelType? type))
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Notes what is wrong; what follows from it is not told again, since its type is open.</summary>
    public CelType Wrong(int position, string message)
    {
        _errors.Add((position, message));
        return CelType.Dyn;
    }

    public CelType NoOverload(int position, string function, bool isMember, IEnumerable<CelType> arguments)
    {
        string[] names = [.. arguments.Select(type => type.ToString())];
        string applied = isMember ? $"{names[0]}.({string.Join(", ", names[1..])})" : $"({string.Join(", ", names)})";
        return Wrong(position, $"found no matching overload for '{function}' applied to '{applied}'");
    }
}
