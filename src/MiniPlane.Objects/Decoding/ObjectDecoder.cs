using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Brings a JSON object into the form of its type, as Go's decoding of the typed object and encoding it again would: unknown
/// fields go (and are reported), nulls and empty lists and maps go, quantities and times become canonical. A value of the wrong
/// JSON type is a BadRequest in the words of Go's decoder.
/// </summary>
public static class ObjectDecoder
{
    private const int MostProblems = 100;

    /// <summary>Decodes a request's body as <paramref name="kind"/>; the body is taken over, not copied.</summary>
    /// <exception cref="ApiException">BadRequest, worded as upstream's <c>… cannot be handled as a …</c>.</exception>
    public static DecodedObject Decode(JsonObject body, KindDefinition kind, IEnumerable<string>? duplicates = null)
    {
        try
        {
            return Decode(body, kind.Type, duplicates);
        }
        catch (ApiException wrong) when (wrong.Reason == "BadRequest")
        {
            throw CannotBeHandled(kind, wrong.Message);
        }
    }

    /// <summary>The refusal that <c>fieldValidation=Strict</c> asks for, or null when there is nothing to refuse.</summary>
    public static ApiException? StrictRefusal(DecodedObject decoded, KindDefinition kind) =>
        decoded.Problems.Count == 0 ? null : CannotBeHandled(kind, decoded.StrictMessage);

    public static ApiException CannotBeHandled(KindDefinition kind, string message) =>
        ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {message}");

    /// <summary>Decodes an object of any type; the object is taken over, not copied.</summary>
    /// <param name="json">What to decode.</param>
    /// <param name="type">The type to give it.</param>
    /// <param name="duplicates">Paths of keys that came twice in the text (<see cref="JsonBody.Duplicates"/>).</param>
    /// <exception cref="ApiException">BadRequest with the bare message of the decoder.</exception>
    public static DecodedObject Decode(JsonObject json, TypeDefinition type, IEnumerable<string>? duplicates = null)
    {
        var walk = new Walk();
        walk.DecodeObject(json, type, "", "");
        walk.Problems.AddRange((duplicates ?? []).Select(path => $"duplicate field \"{path}\""));
        return walk.Failure is { } failure ? throw ApiErrors.BadRequest(failure) : new DecodedObject(json, walk.Problems);
    }

    private sealed class Walk
    {
        public List<string> Problems { get; } = [];

        // Go goes on after the first value that does not fit, but tells only of that one.
        public string? Failure { get; private set; }

        public void DecodeObject(JsonObject json, TypeDefinition type, string path, string goPath)
        {
            if (type.Form != TypeForm.Object)
            {
                return;
            }

            for (int at = 0; at < json.Count; at++)
            {
                (string name, JsonNode? value) = json.GetAt(at);
                string below = path.Length == 0 ? name : $"{path}.{name}";
                if (!type.TryGetField(name, out FieldDefinition? field))
                {
                    if (!type.PreservesUnknownFields)
                    {
                        Report(below);
                        json.RemoveAt(at--);
                    }

                    continue;
                }

                JsonNode? decoded = value is null
                    ? null
                    : DecodeField(value, new Place(field, type, below, goPath.Length == 0 ? name : $"{goPath}.{name}"));
                if (decoded is null || IsEmptyAndOptional(decoded, field))
                {
                    json.RemoveAt(at--);
                }
                else if (!ReferenceEquals(decoded, value))
                {
                    json[name] = decoded;
                }
            }
        }

        private static bool IsEmptyAndOptional(JsonNode value, FieldDefinition field) => !field.IsRequired && field.Shape switch
        {
            FieldShape.List => value is JsonArray { Count: 0 },
            FieldShape.Map or FieldShape.MapOfLists => value is JsonObject { Count: 0 },
            _ => false,
        };

        private void Report(string path)
        {
            if (Problems.Count < MostProblems)
            {
                Problems.Add($"unknown field \"{path}\"");
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
                    foreach ((string key, JsonNode? item) in map)
                    {
                        DecodeMember(item, place with { Path = $"{place.Path}.{key}" });
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
            for (int at = 0; at < list.Count; at++)
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"{place.Path}[{at}]");
                JsonNode? item = list[at];
                JsonNode? decoded = item is null ? Zero(place.Field.Type) : DecodeSingle(item, place with { Path = path });
                if (!ReferenceEquals(decoded, item))
                {
                    list[at] = decoded;
                }
            }
        }

        private void DecodeMap(JsonObject map, Place place)
        {
            bool isResources = place.Field.Type.Form == TypeForm.Quantity;
            for (int at = 0; at < map.Count; at++)
            {
                (string key, JsonNode? item) = map.GetAt(at);
                JsonNode? decoded = item is null
                    ? Zero(place.Field.Type)
                    : DecodeSingle(item, place with { Path = $"{place.Path}.{key}" });
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
            string rounded = Quantity.Parse(text.GetValue<string>()).RoundUpToMilli().ToString();
            return rounded == text.GetValue<string>() ? text : JsonValue.Create(rounded);
        }

        private JsonNode? DecodeSingle(JsonNode value, Place place)
        {
            TypeDefinition type = place.Field.Type;
            switch (type.Form, value)
            {
                case (TypeForm.Any, _):
                    return value;
                case (TypeForm.Object, JsonObject map):
                    DecodeObject(map, type, place.Path, place.GoPath);
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
            Failure ??= $"json: cannot unmarshal {found} into Go struct field {GoTypeNames.Short(place.Owner)}.{place.GoPath} of type {wanted}";
            return null;
        }
    }

    private sealed record Place(FieldDefinition Field, TypeDefinition Owner, string Path, string GoPath);
}
