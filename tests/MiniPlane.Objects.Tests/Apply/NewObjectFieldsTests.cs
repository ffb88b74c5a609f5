using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Tests.Apply;

/// <summary>The fields of a new object are those by which it differs from an object in which nobody set anything.</summary>
public sealed class NewObjectFieldsTests
{
    private static readonly FieldSet Stripped = FieldSet.FromJson(JsonNode.Parse(
        """{"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:name":{},"f:uid":{}}}"""));

    private static readonly FieldSet Ignored = FieldSet.FromJson(JsonNode.Parse("""{"f:status":{},"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{}}}}"""));

    public static TheoryData<string> Kinds => [.. BuiltInCatalogue.Instance.Kinds.Select(kind => $"{kind.ApiVersion} {kind.Kind}")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Are_what_the_comparison_with_an_empty_object_finds(string name)
    {
        KindDefinition kind = BuiltInCatalogue.Instance.Kinds.First(kind => $"{kind.ApiVersion} {kind.Kind}" == name);
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            JsonObject json = Object(kind.Type, random, 0);
            (json["metadata"] as JsonObject)?.Remove("managedFields");
            Assert.Equal(Expected(kind.Type, json), Actual(kind.Type, json));
        }
    }

    [Fact]
    public void Of_an_object_that_says_nothing_are_none()
    {
        Assert.Null(Actual(BuiltInKinds.ConfigMap.Type, Parse("""{"kind":"ConfigMap","metadata":{"name":"a"}}""")));
        Assert.Null(Actual(BuiltInKinds.Pod.Type, Parse("""{"metadata":{},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running"}}""")));
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static string? Expected(TypeDefinition type, JsonObject json)
    {
        var comparison = ObjectComparison.Of(type, FieldOwnership.EmptyObject(type), json);
        FieldSet all = comparison.Added.Union(comparison.Modified).RecursiveDifference(Ignored).Difference(Stripped);
        return all.IsEmpty ? null : Text(all);
    }

    private static string Text(FieldSet fields)
    {
        using var scratch = JsonScratch.Take();
        fields.WriteTo(scratch.Writer);
        return Encoding.UTF8.GetString(scratch.Written);
    }

    private static string? Actual(TypeDefinition type, JsonObject json)
    {
        using var scratch = JsonScratch.Take();
        return NewObjectFields.TryWrite(scratch.Writer, type, json, Stripped, Ignored) ? Encoding.UTF8.GetString(scratch.Written) : null;
    }

    private static JsonObject Object(TypeDefinition type, Random random, int depth)
    {
        var json = new JsonObject();
        foreach (FieldDefinition field in type.Fields.OrderBy(_ => random.Next()))
        {
            if (depth < 7 && random.Next(field.IsRequired || depth < 2 ? 2 : 6) == 0)
            {
                json[field.Name] = Shaped(field, random, depth);
            }
        }

        return json;
    }

    private static JsonNode? Shaped(FieldDefinition field, Random random, int depth) => (random.Next(12), field.Shape) switch
    {
        (0, _) => null,
        (1, FieldShape.List) => new JsonArray(),
        (1, _) => new JsonObject(),
        (_, FieldShape.List) => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(field.Type, random, depth))]),
        (_, FieldShape.Map or FieldShape.MapOfLists) => new JsonObject { [$"key{random.Next(3)}"] = Value(field.Type, random, depth), ["b"] = "x" },
        _ => Value(field.Type, random, depth),
    };

    private static JsonNode? Value(TypeDefinition type, Random random, int depth) => type.Form == TypeForm.Object && type.Fields.Count > 0
        ? Object(type, random, depth + 1)
        : JsonValue.Create("v" + random.Next(3).ToString(CultureInfo.InvariantCulture));
}
