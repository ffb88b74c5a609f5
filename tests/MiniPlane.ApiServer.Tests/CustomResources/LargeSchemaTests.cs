using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.CustomResources;

/// <summary>A definition as operators for jobs and workflows bring along: whole pod templates inside, thousands of fields.</summary>
public sealed class LargeSchemaTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Path = "/apis/large.example.org/v1/namespaces/default/widgets";

    private TestApiServer Server => fixture.Server;

    [Fact]
    public async Task Pod_templates_inside_a_custom_kind_are_known_field_by_field()
    {
        await ServeAsync();

        Answer made = await Server.PostAsync(Path + "?fieldValidation=Strict", Body("a", "app", "500m"));
        Answer unknown = await Server.PostAsync(Path + "?fieldValidation=Strict", Body("b", "app", "1").Replace("\"image\"", "\"imaje\"", StringComparison.Ordinal));
        Answer wrong = await Server.PostAsync(Path, Body("c", "app", "1").Replace("\"hostNetwork\":false", "\"hostNetwork\":\"no\"", StringComparison.Ordinal));

        Assert.True(made.Code == 201, made.Text);
        Assert.Contains("unknown field \"spec.driver.spec.containers[0].imaje\"", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("spec.driver.spec.hostNetwork in body must be of type boolean: \"string\"", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_of_two_appliers_are_merged_by_name()
    {
        await ServeAsync();
        const string Type = "application/apply-patch+yaml";
        await Server.PatchAsync($"{Path}/merged?fieldManager=one", Body("merged", "one", "1"), Type);

        Answer merged = await Server.PatchAsync($"{Path}/merged?fieldManager=two", Body("merged", "two", "1"), Type);

        Assert.True(merged.Code == 200, merged.Text);
        Assert.Equal(["one", "two"], merged.Json.Objects("spec", "driver", "spec", "containers").Select(container => container.TextOrEmpty("name")));
    }

    private static string Body(string name, string container, string cpu) => $$"""
        {"apiVersion":"large.example.org/v1","kind":"Widget","metadata":{"name":"{{name}}"},"spec":{"driver":{"metadata":{"labels":{"a":"b"} },
         "spec":{"hostNetwork":false,"containers":[{"name":"{{container}}","image":"busybox","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"{{cpu}}","memory":1024} } }]} } } }
        """;

    private async Task ServeAsync()
    {
        if ((await Server.GetAsync($"{Definitions.Path}/widgets.large.example.org")).Code == 200)
        {
            return;
        }

        TypeDefinition template = BuiltInCatalogue.Instance.FindType("core.v1.PodTemplateSpec")!;
        var properties = new JsonObject();
        foreach (string part in (string[])["driver", "executor", "worker"])
        {
            properties[part] = Schema(template, 0);
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["spec"] = new JsonObject { ["type"] = "object", ["properties"] = properties } },
        };
        await Definitions.ServeAsync(Server, Definitions.Widgets("large.example.org", schema.ToJsonString()));
    }

    // As controller-gen writes the types of the core API.
    private static JsonObject Schema(TypeDefinition type, int depth) => type.Form switch
    {
        TypeForm.Object when type.Name == "meta.v1.ObjectMeta" || depth > 14 => new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
        TypeForm.Object => Object(type, depth),
        TypeForm.Boolean => new JsonObject { ["type"] = "boolean" },
        TypeForm.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        TypeForm.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        TypeForm.Double => new JsonObject { ["type"] = "number" },
        TypeForm.Quantity => new JsonObject
        {
            ["x-kubernetes-int-or-string"] = true,
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
            ["pattern"] = @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$",
        },
        TypeForm.IntOrString => new JsonObject { ["x-kubernetes-int-or-string"] = true },
        TypeForm.Any => new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Object(TypeDefinition type, int depth)
    {
        var properties = new JsonObject();
        foreach (FieldDefinition field in type.Fields)
        {
            JsonObject element = Schema(field.Type, depth + 1);
            properties[field.Name] = field.Shape switch
            {
                FieldShape.List => List(field, element),
                FieldShape.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = element },
                FieldShape.MapOfLists => new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = element } },
                _ => element,
            };
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject List(FieldDefinition field, JsonObject element)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = element };
        if (field is { ListType: "map" } && element.Object("properties") is { } properties)
        {
            list["x-kubernetes-list-type"] = "map";
            list["x-kubernetes-list-map-keys"] = new JsonArray([.. field.ListMapKeys.Select(key => JsonValue.Create(key))]);
            var required = new JsonArray();
            foreach (string key in field.ListMapKeys)
            {
                if (key == "protocol")
                {
                    properties.Ensure(key)["default"] = "TCP";
                }
                else
                {
                    required.Add(key);
                }
            }

            element["required"] = required;
        }

        return list;
    }
}
