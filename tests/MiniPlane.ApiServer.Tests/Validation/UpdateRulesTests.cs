using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Validation;

public sealed class UpdateRulesTests
{
    public static TheoryData<string, string, string, string, string> Refused => new()
    {
        { "v1/Pod", """{"spec":{"containers":[{"name":"a","image":"i"}]}}""", """{"spec":{"containers":[{"name":"a","image":"i","command":["x"]}]}}""", "FieldValueForbidden", "spec" },
        { "v1/Pod", """{"spec":{"containers":[{"name":"a","image":"i"}]}}""", """{"spec":{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]}}""", "FieldValueForbidden", "spec.containers" },
        { "v1/Pod", """{"spec":{"activeDeadlineSeconds":10,"containers":[]}}""", """{"spec":{"activeDeadlineSeconds":20,"containers":[]}}""", "FieldValueInvalid", "spec.activeDeadlineSeconds" },
        { "v1/Secret", """{"type":"Opaque"}""", """{"type":"other"}""", "FieldValueInvalid", "type" },
        { "v1/ConfigMap", """{"immutable":true,"data":{"a":"1"}}""", """{"immutable":true,"data":{"a":"2"}}""", "FieldValueForbidden", "data" },
        { "v1/ConfigMap", """{"immutable":true}""", """{"immutable":false}""", "FieldValueForbidden", "immutable" },
        { "batch/v1/Job", """{"spec":{"completions":1}}""", """{"spec":{"completions":2}}""", "FieldValueInvalid", "spec.completions" },
        { "apps/v1/StatefulSet", """{"spec":{"serviceName":"a"}}""", """{"spec":{"serviceName":"b"}}""", "FieldValueForbidden", "spec" },
        { "apps/v1/Deployment", """{"spec":{"selector":{"matchLabels":{"a":"b"}}}}""", """{"spec":{"selector":{"matchLabels":{"a":"c"}}}}""", "FieldValueInvalid", "spec.selector" },
        { "v1/PersistentVolumeClaim", """{"spec":{"accessModes":["ReadWriteOnce"]}}""", """{"spec":{"accessModes":["ReadWriteMany"]}}""", "FieldValueForbidden", "spec" },
        { "storage.k8s.io/v1/StorageClass", """{"provisioner":"a.b/c"}""", """{"provisioner":"a.b/d"}""", "FieldValueForbidden", "provisioner" },
        { "rbac.authorization.k8s.io/v1/RoleBinding", """{"roleRef":{"name":"a"}}""", """{"roleRef":{"name":"b"}}""", "FieldValueInvalid", "roleRef" },
        { "scheduling.k8s.io/v1/PriorityClass", """{"value":1}""", """{"value":2}""", "FieldValueForbidden", "value" },
    };

    public static TheoryData<string, string, string> Allowed => new()
    {
        { "v1/Pod", """{"spec":{"containers":[{"name":"a","image":"i"}]}}""", """{"spec":{"containers":[{"name":"a","image":"j"}]}}""" },
        { "v1/Pod", """{"spec":{"containers":[]}}""", """{"spec":{"activeDeadlineSeconds":5,"tolerations":[{"operator":"Exists"}],"containers":[]}}""" },
        { "v1/PersistentVolumeClaim", """{"spec":{"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound"}}""", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""" },
        { "v1/PersistentVolumeClaim", """{"spec":{}}""", """{"spec":{"volumeName":"pv"}}""" },
        { "v1/ConfigMap", """{"data":{"a":"1"}}""", """{"immutable":true,"data":{"a":"2"}}""" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_change_of_what_must_stay_is_refused(string kind, string old, string changed, string reason, string field)
    {
        IReadOnlyList<StatusCause> causes = Update(kind, old, changed);

        Assert.Contains(causes, cause => cause.Reason == reason && cause.Field == field);
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_change_of_what_may_change_is_accepted(string kind, string old, string changed) =>
        Assert.Empty(Update(kind, old, changed));

    [Fact]
    public void A_status_update_is_not_judged_by_the_rules_of_the_spec()
    {
        JsonObject old = Named("""{"spec":{}}""");
        JsonObject changed = Named("""{"spec":{},"status":{"replicas":1}}""");
        var errors = new FieldErrors();

        ObjectValidation.Update(BuiltInKinds.Deployment, changed, old, "status", errors);

        Assert.Empty(errors.Causes);
    }

    [Fact]
    public void A_bad_label_in_a_change_is_told_by_the_registry_and_by_the_kind()
    {
        IReadOnlyList<StatusCause> causes = Update("v1/ConfigMap", "{}", """{"metadata":{"labels":{"a":"-"}}}""");

        Assert.Equal(["metadata.labels", "metadata.labels"], causes.Select(cause => cause.Field));
    }

    private static IReadOnlyList<StatusCause> Update(string kind, string old, string changed)
    {
        int slash = kind.LastIndexOf('/');
        KindDefinition definition = BuiltInCatalogue.Instance.FindKind(kind[..slash], kind[(slash + 1)..])!;
        var errors = new FieldErrors();
        ObjectValidation.Update(definition, Named(changed), Named(old), null, errors);
        return errors.Causes;
    }

    private static JsonObject Named(string json)
    {
        JsonObject obj = JsonNode.Parse(json)!.AsObject();
        obj.Ensure("metadata")["name"] = "a";
        return obj;
    }
}
