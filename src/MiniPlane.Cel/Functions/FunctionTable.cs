using System.Collections.Frozen;

namespace MiniPlane.Cel.Functions;

/// <summary>All functions: the standard ones, the extensions of cel-go that Kubernetes enables, and Kubernetes' own.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Overload[]> Functions = Make();

    public static IReadOnlyList<Overload> Find(string name) => Functions.TryGetValue(name, out Overload[]? overloads) ? overloads : [];

    public static bool IsKnown(string name) => Functions.ContainsKey(name);

    private static FrozenDictionary<string, Overload[]> Make()
    {
        var list = new FunctionList();
        StandardFunctions.Add(list);
        TimeFunctions.Add(list);
        StringFunctions.Add(list);
        RegexFunctions.Add(list);
        ListFunctions.Add(list);
        OptionalFunctions.Add(list);
        MathFunctions.Add(list);
        QuantityFunctions.Add(list);
        SemverFunctions.Add(list);
        UrlFunctions.Add(list);
        AddressFunctions.Add(list);
        FormatFunctions.Add(list);
        AuthorizerFunctions.Add(list);
        return list.Functions.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }
}
