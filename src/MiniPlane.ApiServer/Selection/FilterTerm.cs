using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Selection;

/// <summary>A value that an object must have to match a selector: of a label, or of a field. It can be looked up instead of tried.</summary>
internal readonly record struct FilterTerm(bool IsLabel, string Path, string Value)
{
    /// <summary>Tells terms of different labels and fields apart.</summary>
    public string Name => IsLabel ? "label:" + Path : "field:" + Path;

    /// <summary>The value of a document; null when it has no such label.</summary>
    public string? Read(ObjectDocument document) => Reader(IsLabel, Path)(document);

    public static Func<ObjectDocument, string?> Reader(bool isLabel, string path) => isLabel
        ? document => document.Metadata.Labels.TryGetValue(path, out string? value) ? value : null
        : document => FieldValues.Read(document, path);
}
