using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Defaulting;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Validation;

public sealed class ObjectValidationTests
{
    public static TheoryData<string> Cases => [.. GoldenFiles.Names("Errors")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_bad_object_is_refused_as_a_real_server_refuses_it(string name)
    {
        JsonObject input = GoldenFiles.Yaml("Errors", name);
        JsonObject expected = GoldenFiles.Json("Errors", $"{name}.status.json");
        KindDefinition kind = BuiltInCatalogue.Instance.FindKind(input.TextOrEmpty("apiVersion"), input.TextOrEmpty("kind"))!;
        JsonObject obj = ObjectDecoder.Decode(input, kind).Json;
        obj.Ensure("metadata")["uid"] = "uid";
        ObjectDefaults.Apply(kind, obj);
        KindStrategies.For(kind).PrepareForCreate(obj);
        var errors = new FieldErrors();

        ObjectValidation.Create(kind, obj, errors);

        JsonObject actual = ApiErrors.Invalid(kind, obj.TextOrEmpty("metadata", "name"), errors.Causes).ToStatus();
        Assert.Equal(
            Defaulting.ObjectDefaultsTests.Sorted(expected)!.ToJsonString(), Defaulting.ObjectDefaultsTests.Sorted(actual)!.ToJsonString());
    }
}
