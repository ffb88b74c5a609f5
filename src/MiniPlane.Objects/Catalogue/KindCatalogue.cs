using System.Collections.Immutable;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// The kinds of one running server: the built-in ones and, beside them, custom ones that come and go. Readers see one
/// consistent state without waiting; changes are made one after the other.
/// </summary>
public sealed class KindCatalogue : IKindCatalogue
{
    private readonly BuiltInCatalogue _builtIn = BuiltInCatalogue.Instance;

    // Guards the replacement of _custom. Held for memory work only.
    private readonly Lock _gate = new();
    private volatile CustomKinds _custom = CustomKinds.None;

    /// <summary>Built-in kinds in discovery order, then custom ones by group, version (preferred first) and plural.</summary>
    public IReadOnlyCollection<KindDefinition> Kinds => _custom.All;

    /// <summary>Grows with every change of the custom kinds; documents made from the catalogue are good as long as it stays.</summary>
    public long Generation => _custom.Generation;

    public KindDefinition? FindResource(string group, string version, string plural) =>
        _builtIn.FindResource(group, version, plural)
        ?? _custom.ByResource.GetValueOrDefault((group, version, plural));

    public KindDefinition? FindKind(string apiVersion, string kind) =>
        _builtIn.FindKind(apiVersion, kind) ?? _custom.ByKind.GetValueOrDefault((apiVersion, kind));

    public TypeDefinition? FindType(string name) => _builtIn.FindType(name) ?? _custom.Types.GetValueOrDefault(name);

    /// <summary>
    /// Sets all versions of one custom resource, the preferred one first; an empty list takes the resource away.
    /// </summary>
    /// <param name="resource">Plural and group, as a CustomResourceDefinition is named: <c>widgets.example.org</c>.</param>
    /// <param name="versions">The definitions to serve.</param>
    public void SetCustom(string resource, IReadOnlyList<KindDefinition> versions)
    {
        lock (_gate)
        {
            _custom = _custom.With(resource, versions, _builtIn);
        }
    }

    private sealed class CustomKinds
    {
        public static readonly CustomKinds None = new(
            ImmutableSortedDictionary.Create<string, IReadOnlyList<KindDefinition>>(StringComparer.Ordinal),
            BuiltInCatalogue.Instance,
            0);

        private readonly ImmutableSortedDictionary<string, IReadOnlyList<KindDefinition>> _byName;

        private CustomKinds(
            ImmutableSortedDictionary<string, IReadOnlyList<KindDefinition>> byName, BuiltInCatalogue builtIn, long generation)
        {
            _byName = byName;
            Generation = generation;
            IEnumerable<KindDefinition> custom = byName.Values.SelectMany(versions => versions);
            All =
            [
                .. builtIn.Kinds,
                .. custom.OrderBy(kind => kind.Group, StringComparer.Ordinal)
                    .ThenBy(kind => kind.Version, VersionPriority.Comparer)
                    .ThenBy(kind => kind.Plural, StringComparer.Ordinal),
            ];
            foreach (KindDefinition kind in byName.Values.SelectMany(versions => versions))
            {
                ByResource[(kind.Group, kind.Version, kind.Plural)] = kind;
                ByKind[(kind.ApiVersion, kind.Kind)] = kind;
                Types[kind.Type.Name] = kind.Type;
            }
        }

        public long Generation { get; }

        public KindDefinition[] All { get; }

        public Dictionary<(string Group, string Version, string Plural), KindDefinition> ByResource { get; } = [];

        public Dictionary<(string ApiVersion, string Kind), KindDefinition> ByKind { get; } = [];

        public Dictionary<string, TypeDefinition> Types { get; } = new(StringComparer.Ordinal);

        public CustomKinds With(string resource, IReadOnlyList<KindDefinition> versions, BuiltInCatalogue builtIn) => new(
            versions.Count == 0 ? _byName.Remove(resource) : _byName.SetItem(resource, versions), builtIn, Generation + 1);
    }
}
