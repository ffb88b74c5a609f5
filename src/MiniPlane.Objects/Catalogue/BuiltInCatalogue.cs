using System.Reflection;
using System.Text;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// The kinds that this program brings along, read once from the embedded <c>.kind</c> files. Immutable and safe for any
/// number of threads.
/// </summary>
public sealed class BuiltInCatalogue : IKindCatalogue
{
    private static readonly Lazy<BuiltInCatalogue> Shared = new(static () => new BuiltInCatalogue());

    private readonly KindDefinition[] _kinds;
    private readonly Dictionary<(string Group, string Version, string Plural), KindDefinition> _byResource = [];
    private readonly Dictionary<(string ApiVersion, string Kind), KindDefinition> _byKind = [];
    private readonly IReadOnlyDictionary<string, TypeDefinition> _types;
    private readonly Dictionary<string, TypeDefinition> _lists;

    private BuiltInCatalogue()
    {
        KindFileReader reader = ReadAll();
        var order = reader.Groups.Select((name, index) => (name, index))
            .ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        _types = reader.Types;
        _kinds = [.. reader.Kinds.OrderBy(kind => order[kind.ApiVersion]).ThenBy(kind => kind.Plural, StringComparer.Ordinal)];
        foreach (KindDefinition kind in _kinds)
        {
            _byResource.Add((kind.Group, kind.Version, kind.Plural), kind);
            _byKind.Add((kind.ApiVersion, kind.Kind), kind);
        }

        _lists = _kinds.Where(kind => kind.Verbs.Contains("list", StringComparer.Ordinal))
            .Select(kind => ListTypes.For(kind.Type, _types["meta.v1.ListMeta"], _types["string"]))
            .ToDictionary(list => list.Name, StringComparer.Ordinal);
    }

    public static BuiltInCatalogue Instance => Shared.Value;

    public IReadOnlyCollection<KindDefinition> Kinds => _kinds;

    /// <summary>All types that are written in the files, scalars and free-form ones included; list types are not.</summary>
    public IEnumerable<TypeDefinition> Types => _types.Values;

    public KindDefinition? FindResource(string group, string version, string plural) =>
        _byResource.GetValueOrDefault((group, version, plural));

    public KindDefinition? FindKind(string apiVersion, string kind) => _byKind.GetValueOrDefault((apiVersion, kind));

    public TypeDefinition? FindType(string name) =>
        _types.TryGetValue(name, out TypeDefinition? type) ? type : _lists.GetValueOrDefault(name);

    private static KindFileReader ReadAll()
    {
        var reader = new KindFileReader();
        Assembly assembly = typeof(BuiltInCatalogue).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (resource.EndsWith(".kind", StringComparison.Ordinal)
                && assembly.GetManifestResourceStream(resource) is { } stream)
            {
                using var text = new StreamReader(stream, Encoding.UTF8);
                reader.Read(text.ReadToEnd());
            }
        }

        return reader;
    }
}
