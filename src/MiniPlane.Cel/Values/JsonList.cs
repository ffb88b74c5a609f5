using System.Collections;
using System.Text.Json.Nodes;

namespace MiniPlane.Cel.Values;

/// <summary>A JSON array as a list. Items are made when they are asked for.</summary>
internal sealed class JsonList(JsonArray json, CelType type) : IReadOnlyList<object?>
{
    private readonly CelType _element = type.Kind == CelKind.List ? type.Element : CelType.Dyn;

    public JsonArray Json => json;

    public bool IsUnordered => type.IsUnordered;

    public int Count => json.Count;

    public object? this[int index] => JsonValues.Wrap(json[index], _element);

    public IEnumerator<object?> GetEnumerator()
    {
        foreach (JsonNode? item in json)
        {
            yield return JsonValues.Wrap(item, _element);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
