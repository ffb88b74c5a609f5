using System.Collections.Frozen;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Which rules hold for which kind. Kinds that are not listed have only their schema and metadata checked.</summary>
internal static class KindRules
{
    private static readonly FrozenDictionary<string, KindRule> Rules = new Dictionary<string, KindRule>(StringComparer.Ordinal)
    {
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static KindRule? For(KindDefinition kind) =>
        Rules.GetValueOrDefault(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}");
}
