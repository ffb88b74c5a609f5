using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Patches;
using MiniPlane.Objects.Selectors;
using MiniPlane.Store;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Benchmarks.Parts;

/// <summary>Single steps of a request, each on a Pod of 2.4 KB: what <c>miniplane-bench parts</c> and BenchmarkDotNet measure.</summary>
internal sealed class PartWork : IAsyncDisposable
{
    private static readonly FieldManager Manager = new("bench", "v1", "");

    private readonly string _directory = Directory.CreateTempSubdirectory("miniplane-parts-").FullName;
    private readonly KindDefinition _kind;
    private readonly byte[] _body = Encoding.UTF8.GetBytes(Bodies.Pod(1));
    private readonly JsonObject _pod;
    private readonly JsonObject _owned;
    private readonly JsonObject _configuration;
    private readonly JsonObject _complete;
    private readonly JsonNode _patch;
    private readonly ReadOnlyMemory<byte> _stored;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly IRevisionStore _store;
    private readonly IReadOnlyDictionary<string, string> _labels;
    private int _number;

    public PartWork()
    {
        _kind = BuiltInCatalogue.Instance.FindKind("v1", "Pod") ?? throw new InvalidOperationException("There is no Pod.");
        _pod = Decode();
        _configuration = (JsonObject)_pod.DeepClone();
        _owned = Apply(null);
        _patch = JsonNode.Parse("""{"metadata":{"labels":{"round":"r1"}},"spec":{"containers":[{"name":"main","image":"other:2"}]}}""") ?? new JsonObject();
        _complete = DocumentRules.Decode(_kind, (JsonObject)_pod.DeepClone(), WriteScope.ForInternal());
        _complete.Ensure("metadata")["namespace"] = "default";
        MetadataRules.StampNew(_kind, _complete, DateTimeOffset.UnixEpoch);
        DocumentRules.PrepareForCreate(_kind, _complete);
        ObjectDocument document = Encode();
        _stored = document.Utf8;
        _labels = document.Metadata.Labels;
        _store = SqliteRevisionStore.Open(new StoreOptions { Path = Path.Combine(_directory, "store.db") }, NullLoggerFactory.Instance);
    }

    /// <summary>A request's body becomes an object: JSON, then the kind's fields.</summary>
    public JsonObject Decode() =>
        ObjectDecoder.Decode((JsonObject)(BodyReader.Decode(_body, isYaml: false, "Pod").Json ?? throw new InvalidOperationException("No body.")), _kind).Json;

    /// <summary>An object becomes the bytes that are stored and sent.</summary>
    public ObjectDocument Encode() => DraftDocument.From(_owned).Stamp(7);

    /// <summary>A strategic merge patch of a label and an image.</summary>
    public JsonObject Patch() => StrategicMergePatch.Apply(_pod, _patch, _kind.Type);

    /// <summary>Server-side apply of the whole pod over what is there.</summary>
    public JsonObject Apply() => Apply(_owned);

    /// <summary>All rules about what a new pod says.</summary>
    public JsonObject Validate()
    {
        DocumentRules.ValidateCreate(_kind, _kind, _complete);
        return _complete;
    }

    /// <summary>The ownership of a new object.</summary>
    public JsonObject Track()
    {
        FieldOwnership.Track(_kind.Type, null, _configuration, Manager, new FieldSet(), DateTimeOffset.UnixEpoch);
        return _configuration;
    }

    /// <summary>The row of a table, from stored bytes that nobody has looked at yet.</summary>
    public int TableRow()
    {
        _output.ResetWrittenCount();
        PreparedRow.Of(_kind, new ObjectDocument(_stored, 7)).Write(_output, DateTimeOffset.UnixEpoch);
        return _output.WrittenCount;
    }

    /// <summary>A selector is read and held against a pod's labels.</summary>
    public bool Selector() => LabelSelectorParser.Parse("app=bench,group in (g1,g7),!canary").Matches(_labels);

    /// <summary>One document made durable, alone in its transaction.</summary>
    public async Task StoreAppendAsync()
    {
        var key = new StoreKey("pods", new ObjectKey("default", string.Create(CultureInfo.InvariantCulture, $"pod-{_number++ % 1000}")));
        _ = await _store.WriteAsync(
            new StoreWrite(key, _store.Find(key)?.Revision ?? 0, DraftDocument.From(_owned), IsDelete: false), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private JsonObject Apply(JsonObject? live) =>
        FieldOwnership.Apply(_kind.Type, live, _configuration, Manager, new FieldSet(), force: true, DateTimeOffset.UnixEpoch);
}
