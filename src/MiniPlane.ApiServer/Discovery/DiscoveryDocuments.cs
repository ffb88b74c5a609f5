using System.Collections.Concurrent;
using System.Text.Json;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>
/// What clients ask first: which groups, versions and resources there are. Made from the catalogue when first asked for, kept
/// until the catalogue changes. Order and form are those of kube-apiserver.
/// </summary>
public sealed class DiscoveryDocuments(IKindCatalogue catalogue)
{
    private const string Json = "application/json";

    private volatile Snapshot? _snapshot;

    /// <summary><c>/api</c>: the versions of the core group, and where this server can be reached.</summary>
    /// <param name="serverAddress">Host and port by which the client came.</param>
    /// <param name="format">The form that the client accepts.</param>
    public ServedDocument CoreVersions(string serverAddress, DiscoveryFormat format) => format == DiscoveryFormat.Plain
        ? new ServedDocument(JsonBytes.Write(writer => WriteCoreVersions(writer, serverAddress)), Json)
        : Aggregated("api", format, Current().Groups.Where(group => group.Name.Length == 0));

    /// <summary><c>/apis</c>: all other groups.</summary>
    public ServedDocument Groups(DiscoveryFormat format) => format == DiscoveryFormat.Plain
        ? Current().Get("apis", static snapshot => new ServedDocument(JsonBytes.Write(writer => WriteGroups(writer, snapshot)), Json))
        : Aggregated("apis", format, Current().Groups.Where(group => group.Name.Length > 0));

    /// <summary><c>/apis/G</c>, or null when there is no such group.</summary>
    public ServedDocument? Group(string name)
    {
        Snapshot snapshot = Current();
        return snapshot.Find(name) is { } group
            ? snapshot.Get($"apis/{name}", _ => new ServedDocument(JsonBytes.Write(writer => WriteOneGroup(writer, group)), Json))
            : null;
    }

    /// <summary><c>/api/v1</c> or <c>/apis/G/V</c>, or null when there is no such version.</summary>
    public ServedDocument? Resources(string group, string version)
    {
        Snapshot snapshot = Current();
        return snapshot.Find(group)?.Versions.FirstOrDefault(view => view.Version == version) is { } found
            ? snapshot.Get(found.Path, _ => new ServedDocument(
                JsonBytes.Write(writer => ResourceListWriter.Write(writer, found)), Json))
            : null;
    }

    private static void WriteCoreVersions(Utf8JsonWriter writer, string serverAddress)
    {
        writer.WriteString("kind", "APIVersions");
        writer.WriteStartArray("versions");
        writer.WriteStringValue("v1");
        writer.WriteEndArray();
        writer.WriteStartArray("serverAddressByClientCIDRs");
        writer.WriteStartObject();
        writer.WriteString("clientCIDR", "0.0.0.0/0");
        writer.WriteString("serverAddress", serverAddress);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteGroups(Utf8JsonWriter writer, Snapshot snapshot)
    {
        writer.WriteString("kind", "APIGroupList");
        writer.WriteString("apiVersion", "v1");
        writer.WriteStartArray("groups");
        foreach (GroupView group in snapshot.Groups.Where(group => group.Name.Length > 0))
        {
            writer.WriteStartObject();
            WriteGroup(writer, group);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOneGroup(Utf8JsonWriter writer, GroupView group)
    {
        writer.WriteString("kind", "APIGroup");
        writer.WriteString("apiVersion", "v1");
        WriteGroup(writer, group);
    }

    private static void WriteGroup(Utf8JsonWriter writer, GroupView group)
    {
        writer.WriteString("name", group.Name);
        writer.WriteStartArray("versions");
        foreach (VersionView version in group.Versions)
        {
            writer.WriteStartObject();
            WriteVersion(writer, version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("preferredVersion");
        WriteVersion(writer, group.Versions[0]);
        writer.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter writer, VersionView version)
    {
        writer.WriteString("groupVersion", version.GroupVersion);
        writer.WriteString("version", version.Version);
    }

    private ServedDocument Aggregated(string path, DiscoveryFormat format, IEnumerable<GroupView> groups)
    {
        string version = format == DiscoveryFormat.AggregatedV2 ? "v2" : "v2beta1";
        return Current().Get($"{path};{version}", _ => new ServedDocument(
            JsonBytes.Write(writer => AggregatedWriter.Write(writer, version, groups)),
            $"{Json};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"));
    }

    private Snapshot Current()
    {
        IReadOnlyCollection<KindDefinition> kinds = catalogue.Kinds;
        Snapshot? snapshot = _snapshot;
        if (snapshot is null || !ReferenceEquals(snapshot.Kinds, kinds))
        {
            snapshot = new Snapshot(kinds);
            _snapshot = snapshot;
        }

        return snapshot;
    }

    // One state of the catalogue with the documents made from it so far; there are at most a few per group.
    private sealed class Snapshot(IReadOnlyCollection<KindDefinition> kinds)
    {
        private readonly ConcurrentDictionary<string, ServedDocument> _made = new(StringComparer.Ordinal);

        public IReadOnlyCollection<KindDefinition> Kinds { get; } = kinds;

        public IReadOnlyList<GroupView> Groups { get; } = GroupView.All(kinds);

        public GroupView? Find(string name) => Groups.FirstOrDefault(group => group.Name == name);

        public ServedDocument Get(string key, Func<Snapshot, ServedDocument> make) => _made.GetOrAdd(key, _ => make(this));
    }
}
