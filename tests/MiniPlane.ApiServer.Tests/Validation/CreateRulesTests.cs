using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Defaulting;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Validation;

public sealed class CreateRulesTests
{
    [Theory]
    [InlineData("""{"containers":[{"name":"A","image":"i"}]}""", "FieldValueInvalid", "spec.containers[0].name")]
    [InlineData("""{"containers":[{"name":"a"}]}""", "FieldValueRequired", "spec.containers[0].image")]
    [InlineData("""{"containers":[{"name":"a","image":"i"},{"name":"a","image":"i"}]}""", "FieldValueDuplicate", "spec.containers[1].name")]
    [InlineData("""{"restartPolicy":"Sometimes","containers":[{"name":"a","image":"i"}]}""", "FieldValueNotSupported", "spec.restartPolicy")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}]}""",
        "FieldValueInvalid",
        "spec.containers[0].resources.requests")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","ports":[{"containerPort":70000}]}]}""",
        "FieldValueInvalid",
        "spec.containers[0].ports[0].containerPort")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","livenessProbe":{}}]}""", "FieldValueRequired", "spec.containers[0].livenessProbe")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","env":[{"name":"A=B","value":"x"}]}]}""",
        "FieldValueInvalid",
        "spec.containers[0].env[0].name")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i"}],"initContainers":[{"name":"b","image":"i","livenessProbe":{"exec":{"command":["x"]}}}]}""",
        "FieldValueForbidden",
        "spec.initContainers[0].livenessProbe")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","resources":{"limits":{"gpu":"1"}}}]}""",
        "FieldValueInvalid",
        "spec.containers[0].resources.limits")]
    [InlineData("""{"activeDeadlineSeconds":0,"containers":[{"name":"a","image":"i"}]}""", "FieldValueInvalid", "spec.activeDeadlineSeconds")]
    [InlineData(
        """{"containers":[{"name":"a","image":"i","securityContext":{"seccompProfile":{"type":"Odd"}}}]}""",
        "FieldValueNotSupported",
        "spec.containers[0].securityContext.seccompProfile.type")]
    public void A_bad_pod_is_refused_at_its_field(string spec, string reason, string field)
    {
        IReadOnlyList<StatusCause> causes = Create(BuiltInKinds.Pod, "p", "spec", spec);

        StatusCause cause = Assert.Single(causes.DistinctBy(cause => (cause.Reason, cause.Field)), cause => cause.Field == field);
        Assert.Equal(reason, cause.Reason);
    }

    [Theory]
    [InlineData("0 * * * *", true)]
    [InlineData("*/5 1-3,7 * jan-mar mon", true)]
    [InlineData("@hourly", true)]
    [InlineData("@every 1h30m", true)]
    [InlineData("* * * *", false)]
    [InlineData("@sometimes", false)]
    [InlineData("*/0 * * * *", false)]
    [InlineData("5-1 * * * *", false)]
    [InlineData("x * * * *", false)]
    [InlineData("* * 0 * *", false)]
    public void A_schedule_is_five_fields_or_a_word(string schedule, bool isGood) =>
        Assert.Equal(isGood, CronSyntax.Check(schedule) is null);

    [Theory]
    [InlineData("Kubernetes.io/Name", true)]
    [InlineData("name", true)]
    [InlineData("/name", false)]
    [InlineData("a/b/c", false)]
    [InlineData("-name", false)]
    public void A_label_key_is_a_qualified_name(string key, bool isGood) =>
        Assert.Equal(isGood, Formats.QualifiedName(key.ToLowerInvariant()) is null);

    [Fact]
    public void A_service_with_two_ports_must_name_them()
    {
        IReadOnlyList<StatusCause> causes =
            Create(BuiltInKinds.Service, "s", "spec", """{"selector":{"a":"b"},"ports":[{"port":80},{"port":81}]}""");

        Assert.Equal(["spec.ports[0].name", "spec.ports[1].name"], causes.Select(cause => cause.Field));
    }

    [Fact]
    public void A_deployment_without_selector_hears_of_both_consequences()
    {
        IReadOnlyList<StatusCause> causes = Create(
            BuiltInKinds.Deployment, "d", "spec", """{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"i"}]}}}""");

        Assert.Equal(["spec.selector", "spec.template.metadata.labels"], causes.Select(cause => cause.Field));
    }

    [Fact]
    public void A_role_needs_verbs()
    {
        IReadOnlyList<StatusCause> causes =
            Create(BuiltInKinds.Role, "r", "rules", """[{"apiGroups":[""],"resources":["pods"]}]""");

        StatusCause cause = Assert.Single(causes);
        Assert.Equal(new StatusCause("FieldValueRequired", "Required value: verbs must contain at least one value", "rules[0].verbs"), cause);
    }

    [Fact]
    public void A_definition_is_named_after_its_plural_and_group()
    {
        IReadOnlyList<StatusCause> causes = Create(
            BuiltInKinds.CustomResourceDefinition,
            "gadgets.example.test",
            "spec",
            """
            {"group":"example.test","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}
            """);

        Assert.Equal("metadata.name", Assert.Single(causes).Field);
    }

    private static IReadOnlyList<StatusCause> Create(KindDefinition kind, string name, string field, string value)
    {
        var obj = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = "uid" },
            [field] = JsonNode.Parse(value),
        };
        if (kind.IsNamespaced)
        {
            obj.Ensure("metadata")["namespace"] = "default";
        }

        ObjectDefaults.Apply(kind, obj);
        KindStrategies.For(kind).PrepareForCreate(obj);
        var errors = new FieldErrors();
        ObjectValidation.Create(kind, obj, errors);
        return errors.Causes;
    }
}
