using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// The published schema of all kinds, for <c>kubectl explain</c>, client-side checks and generated clients: OpenAPI 2 in one
/// document, OpenAPI 3 in one per group and version. Made from the catalogue when first asked for, kept until it changes.
/// </summary>
public sealed class OpenApiDocuments(IKindCatalogue catalogue)
{
    private const string Json = "application/json";

    private volatile Snapshot? _snapshot;

    /// <summary><c>/openapi/v2</c>.</summary>
    public ServedDocument V2() => Current().Get("v2", snapshot => new OpenApiComposer(snapshot.Kinds, OpenApiFormat.V2).Compose());

    /// <summary><c>/openapi/v2</c> as a protobuf message.</summary>
    public ServedDocument V2Protobuf() => Current().Get(
        "v2/protobuf", _ => GnosticDocument.Encode(V2().Body), GnosticDocument.MediaType);

    /// <summary><c>/openapi/v3</c>: where the documents are, each with a hash that names its contents.</summary>
    public ServedDocument V3Index() => Current().Get("v3", WriteIndex);

    /// <summary><c>/openapi/v3/api/v1</c> or <c>/openapi/v3/apis/G/V</c>, or null.</summary>
    /// <param name="path">The path below <c>/openapi/v3/</c>.</param>
    public ServedDocument? V3(string path)
    {
        Snapshot snapshot = Current();
        return snapshot.Find(path) is { } version
            ? snapshot.Get(path, _ => new OpenApiComposer(version.Kinds, OpenApiFormat.V3).Compose())
            : null;
    }

    /// <summary>The same document as a protobuf message. It is known by the hash of the JSON form.</summary>
    /// <param name="path">The path below <c>/openapi/v3/</c>.</param>
    public ServedDocument? V3Protobuf(string path)
    {
        Snapshot snapshot = Current();
        return V3(path) is { } json
            ? snapshot.Get(path + "/protobuf", () => new ServedDocument(GnosticThreeDocument.Encode(json.Body), GnosticThreeDocument.MediaType) { Hash = json.Hash })
            : null;
    }

    /// <summary>The hash that the index gives for a document; null when there is no such document.</summary>
    public string? V3Hash(string path)
    {
        Snapshot snapshot = Current();
        return snapshot.Find(path) is { } version ? Hash(snapshot, version) : null;
    }

    private static ReadOnlyMemory<byte> WriteIndex(Snapshot snapshot) => JsonBytes.Write(writer => WriteIndex(writer, snapshot));

    private static void WriteIndex(Utf8JsonWriter writer, Snapshot snapshot)
    {
        writer.WriteStartObject("paths");
        foreach (VersionView version in snapshot.Versions.OrderBy(version => version.Path, StringComparer.Ordinal))
        {
            writer.WriteStartObject(version.Path);
            writer.WriteString("serverRelativeURL", $"/openapi/v3/{version.Path}?hash={Hash(snapshot, version)}");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // What is built in changes only with the program, so its documents need not be made to know their hash: the index is quick.
    private static string Hash(Snapshot snapshot, VersionView version)
    {
        if (!version.Kinds.All(kind => ComponentNames.IsBuiltIn(kind.Type)))
        {
            return snapshot.Get(version.Path, _ => new OpenApiComposer(version.Kinds, OpenApiFormat.V3).Compose()).Hash;
        }

        Guid writerBuild = typeof(OpenApiDocuments).Module.ModuleVersionId;
        Guid catalogueBuild = typeof(BuiltInCatalogue).Module.ModuleVersionId;
        return Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes($"{writerBuild}/{catalogueBuild}/{version.Path}")));
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

    // One state of the catalogue with the documents made from it so far: one per group and version, and two more.
    private sealed class Snapshot(IReadOnlyCollection<KindDefinition> kinds)
    {
        private readonly ConcurrentDictionary<string, Lazy<ServedDocument>> _made = new(StringComparer.Ordinal);

        public IReadOnlyCollection<KindDefinition> Kinds { get; } = kinds;

        public IReadOnlyList<VersionView> Versions { get; } = [.. GroupView.All(kinds).SelectMany(group => group.Versions)];

        public VersionView? Find(string path) => Versions.FirstOrDefault(version => version.Path == path);

        public ServedDocument Get(string key, Func<Snapshot, ReadOnlyMemory<byte>> make, string type = Json) =>
            Get(key, () => new ServedDocument(make(this), type));

        public ServedDocument Get(string key, Func<ServedDocument> make) => _made.GetOrAdd(key, _ => new Lazy<ServedDocument>(make)).Value;
    }
}
