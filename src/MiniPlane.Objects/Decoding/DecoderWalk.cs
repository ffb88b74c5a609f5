using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Patches;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Decoding;

/// <summary>One pass of <see cref="ObjectDecoder"/> over an object, with what it found. Paths are only written out for a finding.</summary>
internal sealed class DecoderWalk
{
    private const int MostProblems = 100;

    public List<string> Problems { get; } = [];

    /// <summary>What is null, zero or empty stays as it was written.</summary>
    public bool KeepsEmpty { get; init; }

    // Go goes on after the first value that does not fit, but tells only of that one.
    public string? Failure { get; private set; }

    public void DecodeObject(JsonObject json, TypeDefinition type, Step? above)
    {
        if (type.Form != TypeForm.Object)
        {
            return;
        }

        var here = new Step(above);
        for (int at = 0; at < json.Count; at++)
        {
            (string name, JsonNode? value) = json.GetAt(at);
            here.Name = name;
            if (!type.TryGetField(name, out FieldDefinition? field))
            {
                if (!type.PreservesUnknownFields)
                {
                    Report(here);
                    json.RemoveAt(at--);
                }

                continue;
            }

            JsonNode? decoded = value is null ? null : DecodeField(value, new Place(field, type, here));
            if (decoded is null || IsEmptyAndOptional(decoded, field))
            {
                if (!KeepsEmpty)
                {
                    json.RemoveAt(at--);
                }
            }
            else if (!ReferenceEquals(decoded, value))
            {
                json[name] = decoded;
            }
        }
    }

    private static bool IsEmptyAndOptional(JsonNode value, FieldDefinition field) => !field.IsRequired && !field.KeepsEmpty && field.Shape switch
    {
        FieldShape.List => value is JsonArray { Count: 0 },
        FieldShape.Map or FieldShape.MapOfLists => value is JsonObject { Count: 0 },
        _ => field.OmitsZero && ScalarDecoder.IsZero(value, field.Type.Form),
    };

    private void Report(Step unknown)
    {
        if (Problems.Count < MostProblems)
        {
            Problems.Add($"unknown field \"{unknown.Path}\"");
        }
    }

    private JsonNode? DecodeField(JsonNode value, Place place)
    {
        switch (place.Field.Shape, value)
        {
            case (FieldShape.List, JsonArray list):
                DecodeList(list, place);
                return list;
            case (FieldShape.Map, JsonObject map):
                DecodeMap(map, place);
                return map;
            case (FieldShape.MapOfLists, JsonObject map):
                var member = new Step(place.Step) { IsData = true };
                foreach ((string key, JsonNode? item) in map)
                {
                    member.Name = key;
                    DecodeMember(item, place with { Step = member });
                }

                return map;
            case (FieldShape.Single, _):
                return DecodeSingle(value, place);
            default:
                return Fail(JsonWords.Of(value), GoTypeNames.Of(place.Field), place);
        }
    }

    private void DecodeMember(JsonNode? item, Place place)
    {
        if (item is JsonArray list)
        {
            DecodeList(list, place);
        }
        else if (item is not null)
        {
            Fail(JsonWords.Of(item), "[]" + GoTypeNames.Of(place.Field.Type), place);
        }
    }

    private void DecodeList(JsonArray list, Place place)
    {
        var here = new Step(place.Step) { IsData = true };
        for (int at = 0; at < list.Count; at++)
        {
            here.Index = at;
            JsonNode? item = list[at];
            JsonNode? decoded = item is null ? Zero(place.Field.Type) : DecodeSingle(item, place with { Step = here });
            if (!ReferenceEquals(decoded, item))
            {
                list[at] = decoded;
            }
        }
    }

    private void DecodeMap(JsonObject map, Place place)
    {
        bool isResources = place.Field.Type.Form == TypeForm.Quantity;
        var here = new Step(place.Step) { IsData = true };
        for (int at = 0; at < map.Count; at++)
        {
            (string key, JsonNode? item) = map.GetAt(at);
            here.Name = key;
            JsonNode? decoded = item is null ? Zero(place.Field.Type) : DecodeSingle(item, place with { Step = here });
            if (isResources && decoded is JsonValue text)
            {
                decoded = RoundUp(text);
            }

            if (!ReferenceEquals(decoded, item))
            {
                map[key] = decoded;
            }
        }
    }

    // A null element becomes Go's zero value of its type.
    private static JsonNode? Zero(TypeDefinition type) => type.Form switch
    {
        TypeForm.Object => new JsonObject(),
        TypeForm.String => JsonValue.Create(""),
        TypeForm.Boolean => JsonValue.Create(false),
        TypeForm.Int32 or TypeForm.Int64 or TypeForm.Double or TypeForm.IntOrString => JsonValue.Create(0),
        TypeForm.Quantity => JsonValue.Create("0"),
        _ => null,
    };

    // Nothing finer than a thousandth is kept of a resource amount.
    private static JsonValue RoundUp(JsonValue text)
    {
        string given = text.GetValue<string>();
        string rounded = Quantity.Parse(given).RoundUpToMilli().ToString();
        return rounded == given ? text : JsonValue.Create(rounded);
    }

    private JsonNode? DecodeSingle(JsonNode value, Place place)
    {
        TypeDefinition type = place.Field.Type;
        switch (type.Form, value)
        {
            case (TypeForm.Any, _):
                return value;
            case (TypeForm.Object, JsonObject map):
                DecodeObject(map, type, place.Step);
                return map;
            case (TypeForm.Object, _):
                return Fail(JsonWords.Of(value), GoTypeNames.Of(type), place);
            case (TypeForm.Quantity, not JsonValue):
                Failure ??= Quantity.FormatMessage;
                return null;
            case (_, JsonValue scalar):
                JsonNode? decoded = ScalarDecoder.Decode(scalar, type.Form, out ScalarProblem? problem);
                return problem is null ? decoded : Fail(problem, type, place);
            default:
                return Fail(JsonWords.Of(value), GoTypeNames.Of(type), place);
        }
    }

    private JsonNode? Fail(ScalarProblem problem, TypeDefinition type, Place place)
    {
        if (problem.Found is null || type.Form == TypeForm.IntOrString)
        {
            Failure ??= problem.Text ?? $"json: cannot unmarshal {problem.Found} into Go value of type int32";
            return null;
        }

        return Fail(problem.Found, GoTypeNames.Of(type), place);
    }

    private JsonNode? Fail(string found, string wanted, Place place)
    {
        Failure ??= $"json: cannot unmarshal {found} into Go struct field {GoTypeNames.Short(place.Owner)}.{place.Step.GoPath} of type {wanted}";
        return null;
    }

    private readonly record struct Place(FieldDefinition Field, TypeDefinition Owner, Step Step);

    /// <summary>Where the walk is: one per open object, list or map; its name or index moves on with the walk.</summary>
    internal sealed class Step(Step? parent)
    {
        public string? Name { get; set; }

        public int Index { get; set; }

        /// <summary>An element or a key of a map: Go's path of struct fields leaves it out.</summary>
        public bool IsData { get; init; }

        /// <summary><c>spec.containers[0].image</c>.</summary>
        public string Path
        {
            get
            {
                string before = parent?.Path ?? "";
                return Name is null
                    ? string.Create(CultureInfo.InvariantCulture, $"{before}[{Index}]")
                    : before.Length == 0 ? Name : $"{before}.{Name}";
            }
        }

        /// <summary><c>spec.containers.image</c>.</summary>
        public string GoPath
        {
            get
            {
                string before = parent?.GoPath ?? "";
                return IsData ? before : before.Length == 0 ? Name ?? "" : $"{before}.{Name}";
            }
        }
    }
}
