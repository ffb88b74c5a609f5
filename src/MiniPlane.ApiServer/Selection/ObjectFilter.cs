using System.Diagnostics.CodeAnalysis;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Selection;

/// <summary>A label selector and a field selector together.</summary>
internal sealed class ObjectFilter
{
    public static readonly ObjectFilter Everything = new(null, null, null);

    private readonly LabelSelector? _labels;
    private readonly FieldSelector? _fields;
    private readonly Func<ObjectDocument, ObjectDocument>? _present;

    private ObjectFilter(LabelSelector? labels, FieldSelector? fields, Func<ObjectDocument, ObjectDocument>? present)
    {
        _present = present;
        _labels = labels is { IsEmpty: true } ? null : labels;
        _fields = fields is { IsEmpty: true } ? null : fields;
        Terms = [.. FieldTerms(), .. LabelTerms()];
        Topic = Terms.Count > 0 ? new StoreTopic(Terms[0].Name, Terms[0].Value, FilterTerm.Reader(Terms[0].IsLabel, Terms[0].Path)) : null;
        SingleName = fields?.Requirements.FirstOrDefault(one => one is { Field: "metadata.name", IsNegated: false })?.Value;
    }

    public bool IsEverything => _labels is null && _fields is null;

    /// <summary>What every match must have, as far as it can be looked up.</summary>
    public IReadOnlyList<FilterTerm> Terms { get; }

    /// <summary>What of it a watcher is found by; null when it must see everything.</summary>
    public StoreTopic? Topic { get; }

    /// <summary>The one name that can match, or null.</summary>
    public string? SingleName { get; }

    /// <summary>Parses the field selector and checks its fields against the kind; throws BadRequest with upstream's words.</summary>
    public static ObjectFilter From(KindDefinition kind, LabelSelector? labels, string? fields)
    {
        if (string.IsNullOrEmpty(fields))
        {
            return labels is null ? Everything : new ObjectFilter(labels, null, null);
        }

        var selector = FieldSelector.Parse(fields);
        foreach (FieldRequirement requirement in selector.Requirements)
        {
            Check(kind, requirement.Field);
        }

        var stored = new FieldSelector(
            [.. selector.Requirements.Select(one => one with { Field = SelectableFields.Stored(kind, one.Field) })]);
        return new ObjectFilter(labels, stored, StoreAccess.NeedsPreparation(kind) ? View(kind, stored) : null);
    }

    /// <summary>Whether documents must be prepared for their kind (<see cref="StoreAccess.PrepareAsync(KindDefinition, IEnumerable{ObjectDocument}, CancellationToken)"/>) before they are matched.</summary>
    public bool NeedsPreparation => _present is not null;

    public bool Matches(ObjectDocument document) =>
        (_labels is null || _labels.Matches(document.Metadata.Labels))
        && (_fields is null || _fields.Matches(path => FieldValues.Read(IsOfEveryVersion(path) ? document : _present(document), path)));

    // Fields of a version that a webhook makes are in no stored document: they can be read, but not looked up.
    private static Func<ObjectDocument, ObjectDocument>? View(KindDefinition kind, FieldSelector fields) =>
        kind.Custom is CustomResource custom && fields.Requirements.Any(one => !IsOfMetadata(one.Field))
            ? document => custom.Present(document, kind)
            : null;

    [MemberNotNullWhen(false, nameof(_present))]
    private bool IsOfEveryVersion(string path) => _present is null || IsOfMetadata(path);

    private static bool IsOfMetadata(string path) => path is "metadata.name" or "metadata.namespace";

    private IEnumerable<FilterTerm> FieldTerms() => (_fields?.Requirements ?? [])
        .Where(one => !one.IsNegated && IsOfEveryVersion(one.Field))
        .Select(one => new FilterTerm(false, one.Field, one.Value));

    private IEnumerable<FilterTerm> LabelTerms() => (_labels?.Requirements ?? [])
        .Where(one => one is { Operator: SelectorOperator.In, Values.Count: 1 })
        .Select(one => new FilterTerm(true, one.Key, one.Values[0]));

    private static void Check(KindDefinition kind, string path)
    {
        if (!SelectableFields.IsKnown(kind, path))
        {
            throw ApiErrors.BadRequest(SelectableFields.Of(kind).Count > 0
                ? $"field label not supported: {path}"
                : $"\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        }
    }
}
