using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Conversion;
using MiniPlane.ApiServer.CustomResources.Rules;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// One version of one custom kind with everything that is made from its definition once: the structural schema, its printed form and
/// the paths of its subresources. Immutable but for memory of documents that were brought up to date.
/// </summary>
internal sealed class CustomResource : CustomKind
{
    // Documents older than the schema, and what they became. Entries go with the documents.
    private readonly ConditionalWeakTable<ObjectDocument, ObjectDocument> _current = [];
    private readonly Lazy<RuleNode?> _rules;
    private KindDefinition? _storage;
    private KindDefinition[] _versions = [];

    public CustomResource()
    {
        _rules = new Lazy<RuleNode?>(() => RuleNode.Of(Schema ?? throw new InvalidOperationException("the schema is missing")));
    }

    /// <summary>The compiled schema.</summary>
    public required StructuralSchema Schema { get; init; }

    /// <summary>The <c>openAPIV3Schema</c> as it was given, for publishing.</summary>
    public required JsonObject Source { get; init; }

    public override KindDefinition Storage => _storage ?? throw new InvalidOperationException("the custom kind is not complete");

    /// <summary>Null when there is no scale subresource.</summary>
    public required ScalePaths? Scale { get; init; }

    /// <summary>The definition is being deleted: nothing new is made.</summary>
    public required bool IsTerminating { get; init; }

    /// <summary>Objects are, or once were, stored in more than one version.</summary>
    public required bool HasSeveralVersions { get; init; }

    /// <summary>Documents up to this revision may have been written under another schema.</summary>
    public required long SchemaRevision { get; init; }

    /// <summary>Comes when the definition says something else or is gone; watches end then.</summary>
    public required CancellationToken Ended { get; init; }

    /// <summary>Converts between versions; null when nothing but the name of the version changes.</summary>
    public required ConversionWebhook? Conversion { get; init; }

    /// <summary>Set once, before the kind is shown to anyone.</summary>
    public void Complete(KindDefinition storage, KindDefinition[] versions) => (_storage, _versions) = (storage, versions);

    /// <summary>The kind in one of its definition's versions, served or not, or null.</summary>
    public KindDefinition? FindVersion(string apiVersion) => Array.Find(_versions, version => version.ApiVersion == apiVersion);

    /// <summary>
    /// A stored document as this version shows it: in its own apiVersion, pruned, with the defaults of today's schema. Documents that
    /// are so already are given back as they are.
    /// </summary>
    public ObjectDocument Present(ObjectDocument stored, KindDefinition kind)
    {
        if (!HasSeveralVersions && stored.Revision > SchemaRevision)
        {
            return stored;
        }

        return _current.TryGetValue(stored, out ObjectDocument? known) ? known : _current.GetValue(stored, document => Renew(document, kind));
    }

    /// <summary>Adds what the schema finds wrong with an object; <paramref name="old"/> is null for a new one.</summary>
    public void Validate(JsonObject obj, JsonObject? old, string? subresource, FieldErrors errors)
    {
        _ = subresource;
        int before = errors.Causes.Count;
        SchemaValidator.Validate(obj, old, Schema, errors);

        // Rules may rely on values being what the schema says.
        if (errors.Causes.Count == before && _rules.Value is { } rules)
        {
            new RuleValidator(errors).Validate(rules, obj, old);
        }
    }

    /// <summary>
    /// Has the documents converted that <see cref="Present"/> could not convert by itself; call it before. Does nothing where there is no
    /// webhook.
    /// </summary>
    public async ValueTask PrepareAsync(
        IEnumerable<ObjectDocument> documents, KindDefinition kind, ConversionClient client, CancellationToken cancellationToken)
    {
        if (Conversion is null || !HasSeveralVersions)
        {
            return;
        }

        List<(ObjectDocument Document, JsonObject Json)> missing = [];
        foreach (ObjectDocument document in documents)
        {
            if (!_current.TryGetValue(document, out _) && document.ToJson() is { } json && json.Text("apiVersion") != kind.ApiVersion)
            {
                missing.Add((document, json));
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        IReadOnlyList<JsonObject> converted = await client.ConvertAsync(Conversion, kind, [.. missing.Select(one => one.Json)], cancellationToken);
        for (int at = 0; at < missing.Count; at++)
        {
            SchemaPruning.Prune(converted[at], Schema, []);
            SchemaDefaulting.Apply(converted[at], Schema);
            _current.AddOrUpdate(missing[at].Document, DraftDocument.From(converted[at]).Stamp(missing[at].Document.Revision));
        }
    }

    private ObjectDocument Renew(ObjectDocument stored, KindDefinition kind)
    {
        JsonObject json = stored.ToJson();
        if (Conversion is not null && json.Text("apiVersion") != kind.ApiVersion)
        {
            throw ApiErrors.Internal($"conversion webhook for {kind.ApiVersion}, Kind={kind.Kind} was not asked");
        }

        var before = (JsonObject)json.DeepClone();
        json["apiVersion"] = kind.ApiVersion;
        SchemaPruning.Prune(json, Schema, []);
        SchemaDefaulting.Apply(json, Schema);
        return json.SameAs(before) ? stored : DraftDocument.From(json).Stamp(stored.Revision);
    }
}
