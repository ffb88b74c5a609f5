using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Which fields differ between two states of an object, <c>metadata.managedFields</c> aside. What is the same on both sides costs
/// nothing but the look.
/// </summary>
internal sealed class ObjectComparison
{
    private ObjectComparison()
    {
    }

    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public static ObjectComparison Of(TypeDefinition type, JsonObject before, JsonObject after)
    {
        var comparison = new ObjectComparison();
        comparison.CompareMaps(SchemaNode.Root(type), before, after, null);
        return comparison;
    }

    private void Compare(SchemaNode schema, JsonNode? before, JsonNode? after, Step here)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        bool isMap = (before is JsonObject || after is JsonObject) && schema.IsGranularMap
            && before is null or JsonObject && after is null or JsonObject;
        bool isList = (before is JsonArray || after is JsonArray) && schema.IsGranularList
            && before is null or JsonArray && after is null or JsonArray;
        bool bothEmpty = IsEmpty(before) && IsEmpty(after);
        if (isMap && !bothEmpty)
        {
            CompareMaps(schema, before as JsonObject ?? [], after as JsonObject ?? [], here);
        }
        else if (isList && !bothEmpty)
        {
            CompareLists(schema, before as JsonArray ?? [], after as JsonArray ?? [], here);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            here.In(Modified).Add();
        }
    }

    private void CompareMaps(SchemaNode schema, JsonObject before, JsonObject after, Step? above)
    {
        var here = new Step(above);
        foreach ((string name, JsonNode? value) in before)
        {
            here.MoveToField(name);
            if (here.IsBookkeeping)
            {
                continue;
            }

            if (after.TryGetPropertyValue(name, out JsonNode? now))
            {
                Compare(schema.Below(name), value, now, here);
            }
            else
            {
                FieldSetBuilder.AddWhole(schema.Below(name), value, here.In(Removed));
            }
        }

        foreach ((string name, JsonNode? value) in after)
        {
            if (!before.ContainsKey(name))
            {
                here.MoveToField(name);
                if (here.IsBookkeeping)
                {
                    continue;
                }

                FieldSetBuilder.AddWhole(schema.Below(name), value, here.In(Added));
            }
        }
    }

    private void CompareLists(SchemaNode schema, JsonArray before, JsonArray after, Step above)
    {
        // Nearly always most items are the same in the same order; only the rest needs names.
        int start = 0;
        while (start < Math.Min(before.Count, after.Count) && JsonNode.DeepEquals(before[start], after[start]))
        {
            start++;
        }

        var here = new Step(above);
        Dictionary<string, JsonNode?> old = Index(schema, before, start);
        Dictionary<string, JsonNode?> now = Index(schema, after, start);
        foreach ((string element, JsonNode? value) in old)
        {
            here.MoveTo(element);
            if (now.TryGetValue(element, out JsonNode? current))
            {
                Compare(schema.Item(), value, current, here);
            }
            else
            {
                FieldSetBuilder.AddWhole(schema.Item(), value, here.In(Removed));
            }
        }

        foreach ((string element, JsonNode? value) in now)
        {
            if (!old.ContainsKey(element))
            {
                here.MoveTo(element);
                FieldSetBuilder.AddWhole(schema.Item(), value, here.In(Added));
            }
        }
    }

    private static Dictionary<string, JsonNode?> Index(SchemaNode schema, JsonArray list, int start)
    {
        var index = new Dictionary<string, JsonNode?>(list.Count - start, StringComparer.Ordinal);
        for (int at = start; at < list.Count; at++)
        {
            index.TryAdd(schema.ItemElement(list[at]), list[at]);
        }

        return index;
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    /// <summary>Where the comparison is: one per map or list that is open; a path is only made for a difference.</summary>
    private sealed class Step(Step? above)
    {
        private string _name = "";
        private bool _isField;

        /// <summary>At <c>metadata.managedFields</c>: what this is about, owned by nobody, and costly to take apart.</summary>
        public bool IsBookkeeping => _name == "managedFields" && above is { _name: "metadata", IsTop: true };

        private bool IsTop => above is null;

        public void MoveToField(string name) => (_name, _isField) = (name, true);

        public void MoveTo(string element) => (_name, _isField) = (element, false);

        public FieldSet In(FieldSet root) => (above?.In(root) ?? root).Child(_isField ? PathElements.Field(_name) : _name);
    }
}
