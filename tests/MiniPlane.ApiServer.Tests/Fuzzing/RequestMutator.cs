using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Tests.Fuzzing;

/// <summary>Makes requests that are nearly right: a good one with its path, query, headers and body damaged at random.</summary>
internal sealed class RequestMutator(IKindCatalogue catalogue, Random random)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"];

    private static readonly string[] Types =
    [
        "application/json", "application/yaml", ProtobufDecoder.MediaType, "application/json-patch+json", "application/merge-patch+json",
        "application/strategic-merge-patch+json", "application/apply-patch+yaml", "text/plain", "",
    ];

    private static readonly string[] Accepts =
    [
        "application/json", "application/yaml", ProtobufDecoder.MediaType, "application/json;as=Table;g=meta.k8s.io;v=v1", "*/*;q=x",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", ProtobufDecoder.MediaType + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
        ",;,=", "text/html", "application/json;stream=watch",
    ];

    private static readonly string[] Parameters =
    [
        "limit=1", "limit=-1", "limit=x", "continue=e30", "continue=%00", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYSJ9",
        "resourceVersion=1", "resourceVersion=-1", "resourceVersion=abc", "resourceVersionMatch=Exact", "resourceVersionMatch=x",
        "labelSelector=a%3Db", "labelSelector=a+in+(", "labelSelector=%21%21", "fieldSelector=metadata.name%3Da", "fieldSelector=x%3D%3D%3Dy",
        "dryRun=All", "dryRun=x", "fieldManager=f", "fieldManager=%0A", "force=true", "force=maybe", "fieldValidation=Strict", "fieldValidation=z",
        "timeout=1s", "timeout=%20", "gracePeriodSeconds=-5", "gracePeriodSeconds=z", "propagationPolicy=Foreground", "propagationPolicy=q",
        "watch=1&timeoutSeconds=1&resourceVersion=1", "sendInitialEvents=true", "pretty=true", "includeObject=Object", "orphanDependents=7",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e400", "9223372036854775808", "0.5", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "{\"\":null}", "\"\\u0000\"",
        "\"9999-99-99T00:00:00Z\"", "\"-\"", "\"../..\"", "{\"matchLabels\":null}", "[{\"name\":null}]", "\"1e99999999999\"", "\"100%%\"",
    ];

    private static readonly string[] Tails =
        ["", "/status", "/scale", "/log", "/eviction", "/binding", "/token", "/ephemeralcontainers", "/resize", "/finalize", "/approval", "/proxy/x", "/none", "//", "/%2F", "/."];

    private readonly KindDefinition[] _kinds = [.. catalogue.Kinds];

    public HttpRequestMessage Next(string ns)
    {
        KindDefinition kind = _kinds[random.Next(_kinds.Length)];
        var request = new HttpRequestMessage(new HttpMethod(Pick(Methods)), new Uri(Path(kind, ns), UriKind.Relative));
        if (random.Next(3) > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", Pick(Accepts));
        }

        if (request.Method.Method is "POST" or "PUT" or "PATCH" or "DELETE" or "PURGE" && random.Next(10) > 0)
        {
            AddBody(request, kind, ns);
        }

        return request;
    }

    private string Path(KindDefinition kind, string ns)
    {
        string root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
        var path = new StringBuilder(root);
        if (kind.IsNamespaced ? random.Next(20) > 0 : random.Next(20) == 0)
        {
            path.Append(CultureInfo.InvariantCulture, $"/namespaces/{(random.Next(30) == 0 ? "%20" : ns)}");
        }

        path.Append('/').Append(kind.Plural);
        if (random.Next(2) == 0)
        {
            path.Append('/').Append(Pick(["fuzz", "fuzz", "none", "%00", "a%2Fb", "..", "Ünï"]));
            path.Append(random.Next(2) == 0 ? "" : Pick(Tails));
        }

        for (char mark = '?'; random.Next(2) == 0; mark = '&')
        {
            path.Append(mark).Append(Pick(Parameters));
        }

        return path.ToString();
    }

    private void AddBody(HttpRequestMessage request, KindDefinition kind, string ns)
    {
        JsonObject body = Filled(kind.Type, 0);
        body["kind"] = kind.Kind;
        body["apiVersion"] = kind.ApiVersion;
        body["metadata"] = new JsonObject { ["name"] = "fuzz" };
        if (kind.IsNamespaced)
        {
            body["metadata"]!["namespace"] = ns;
        }

        string text = body.ToJsonString();
        bool isProtobuf = random.Next(4) == 0;
        byte[] bytes = isProtobuf
            ? ProtobufEncoder.Encode(kind.ApiVersion, kind.Kind, kind.Type, Encoding.UTF8.GetBytes(text)).ToArray()
            : Encoding.UTF8.GetBytes(request.Method.Method == "PATCH" && random.Next(2) == 0 ? JsonPatch() : Damage(body));
        for (int hits = random.Next(4) == 0 ? random.Next(1, 6) : 0; hits > 0 && bytes.Length > 0; hits--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        request.Content = new ByteArrayContent(random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
        string type = isProtobuf ? ProtobufDecoder.MediaType : Pick(Types);
        if (type.Length > 0)
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }
    }

    private string JsonPatch()
    {
        string[] paths = ["/spec", "/metadata/labels", "/metadata/name", "/spec/containers/0", "/-", "", "/metadata/uid", "/status/conditions/-", "/a~1b", "/~2", "x"];
        string[] operations = ["add", "remove", "replace", "test", "copy", "move", "spin"];
        return $$"""[{"op":"{{Pick(operations)}}","path":"{{Pick(paths)}}","from":"{{Pick(paths)}}","value":{{Pick(Values)}}}]""";
    }

    // Some of the values somewhere in the tree are replaced by ones that do not fit there.
    private string Damage(JsonObject body)
    {
        for (int count = random.Next(4); count > 0; count--)
        {
            JsonNode at = body;
            while (true)
            {
                JsonNode?[] below = at switch
                {
                    JsonObject map => [.. map.Select(pair => pair.Value)],
                    JsonArray list => [.. list],
                    _ => [],
                };
                JsonNode? next = below.Length == 0 || random.Next(5) == 0 ? null : below[random.Next(below.Length)];
                if (next is null or JsonValue)
                {
                    break;
                }

                at = next;
            }

            Replace(at);
        }

        return body.ToJsonString();
    }

    private void Replace(JsonNode at)
    {
        JsonNode? value = Parse(Pick(Values));
        switch (at)
        {
            case JsonObject { Count: > 0 } map:
                map[map.GetAt(random.Next(map.Count)).Key] = value;
                break;
            case JsonArray { Count: > 0 } list:
                list[random.Next(list.Count)] = value;
                break;
            default:
                break;
        }
    }

    private static JsonNode? Parse(string text) => JsonNode.Parse(text);

    private JsonObject Filled(TypeDefinition type, int depth)
    {
        var json = new JsonObject();
        foreach (FieldDefinition field in type.Fields.Where(field => field.Name is not ("kind" or "apiVersion" or "managedFields")))
        {
            if (depth > 9 || !(field.IsRequired || random.Next(3 + depth) == 0))
            {
                continue;
            }

            JsonNode? value = Value(field, depth + 1);
            json[field.Name] = field.Shape switch
            {
                FieldShape.List => new JsonArray(value),
                FieldShape.Map => new JsonObject { ["one"] = value },
                FieldShape.MapOfLists => new JsonObject { ["one"] = new JsonArray(value) },
                _ => value,
            };
        }

        return json;
    }

    private JsonNode? Value(FieldDefinition field, int depth) => field.Type.Form switch
    {
        TypeForm.Object => Filled(field.Type, depth),
        TypeForm.String => field.Enum.Count > 0 ? field.Enum[random.Next(field.Enum.Count)] : Pick(["fuzz", "a", "10.0.0.1", "example.com/x", ""]),
        TypeForm.Boolean => random.Next(2) == 0,
        TypeForm.Int32 or TypeForm.Int64 => random.Next(-2, 100),
        TypeForm.Double => 0.5,
        TypeForm.Bytes => "AQID",
        TypeForm.Time or TypeForm.MicroTime => "2026-01-02T03:04:05.000006Z",
        TypeForm.Quantity => Pick(["1", "100m", "1Gi", "0"]),
        TypeForm.IntOrString => random.Next(2) == 0 ? "50%" : 8080,
        _ => Parse(Pick(["{}", "true", "{\"type\":\"string\"}", "[]"])),
    };

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
