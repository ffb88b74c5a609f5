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
        { "v1/ResourceQuota", """{"spec":{"scopes":["BestEffort"]}}""", """{"spec":{}}""", "FieldValueInvalid", "spec.scopes" },
        { "v1/PersistentVolumeClaim", """{"spec":{"volumeAttributesClassName":"a"},"status":{"phase":"Bound"}}""", """{"spec":{}}""", "FieldValueForbidden", "spec.volumeAttributesClassName" },
        { "v1/PersistentVolumeClaim", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"2Gi"}}}""", """{"spec":{"resources":{"requests":{"storage":"1Gi"}}}}""", "FieldValueForbidden", "spec.resources.requests.storage" },
        { "v1/PersistentVolume", """{"spec":{"hostPath":{"path":"/a"}}}""", """{"spec":{"hostPath":{"path":"/b"}}}""", "FieldValueForbidden", "spec.persistentvolumesource" },
        { "v1/Node", """{"spec":{"providerID":"a"}}""", """{"spec":{"providerID":"b"}}""", "FieldValueForbidden", "spec.providerID" },
        { "v1/Secret", """{"type":"Opaque","immutable":true,"data":{"a":"MQ=="}}""", """{"type":"Opaque","immutable":true,"data":{"a":"Mg=="}}""", "FieldValueForbidden", "data" },
        { "discovery.k8s.io/v1/EndpointSlice", """{"addressType":"IPv4","endpoints":[]}""", """{"addressType":"IPv6","endpoints":[]}""", "FieldValueInvalid", "addressType" },
        { "networking.k8s.io/v1/IngressClass", """{"spec":{"controller":"a.b/c"}}""", """{"spec":{"controller":"a.b/d"}}""", "FieldValueInvalid", "spec.controller" },
        { "networking.k8s.io/v1/ServiceCIDR", """{"spec":{"cidrs":["10.0.0.0/24"]}}""", """{"spec":{"cidrs":["10.0.1.0/24"]}}""", "FieldValueInvalid", "spec.cidrs[0]" },
        { "networking.k8s.io/v1/IPAddress", """{"spec":{"parentRef":{"resource":"services","name":"a"}}}""", """{"spec":{"parentRef":{"resource":"services","name":"b"}}}""", "FieldValueInvalid", "spec.parentRef" },
        { "node.k8s.io/v1/RuntimeClass", """{"handler":"a"}""", """{"handler":"b"}""", "FieldValueInvalid", "handler" },
        { "storage.k8s.io/v1/StorageClass", """{"provisioner":"a.b/c","volumeBindingMode":"Immediate"}""", """{"provisioner":"a.b/c","volumeBindingMode":"WaitForFirstConsumer"}""", "FieldValueInvalid", "volumeBindingMode" },
        { "storage.k8s.io/v1/CSIDriver", """{"spec":{"attachRequired":true}}""", """{"spec":{"attachRequired":false}}""", "FieldValueInvalid", "spec.attachedRequired" },
        { "storage.k8s.io/v1/VolumeAttachment", """{"spec":{"attacher":"a","nodeName":"n"}}""", """{"spec":{"attacher":"b","nodeName":"n"}}""", "FieldValueInvalid", "spec" },
        { "resource.k8s.io/v1/ResourceClaim", """{"spec":{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}}""", """{"spec":{"devices":{"requests":[{"name":"b","exactly":{"deviceClassName":"c"}}]}}}""", "FieldValueInvalid", "spec" },
        { "flowcontrol.apiserver.k8s.io/v1/FlowSchema", """{"metadata":{"name":"exempt"}}""", """{"metadata":{"name":"exempt"},"spec":{"matchingPrecedence":1,"priorityLevelConfiguration":{"name":"exempt"}}}""", "FieldValueInvalid", "spec" },
        { "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration", """{"metadata":{"name":"catch-all"}}""", """{"metadata":{"name":"catch-all"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":50}}}""", "FieldValueInvalid", "spec" },
        { "apiextensions.k8s.io/v1/CustomResourceDefinition", """{"spec":{"group":"a.b"}}""", """{"spec":{"group":"a.c"}}""", "FieldValueInvalid", "spec.group" },
        { "apiextensions.k8s.io/v1/CustomResourceDefinition", """{"spec":{"scope":"Cluster"},"status":{"conditions":[{"type":"Established","status":"True"}]}}""", """{"spec":{"scope":"Namespaced"}}""", "FieldValueInvalid", "spec.scope" },
        { "apiextensions.k8s.io/v1/CustomResourceDefinition", "{}", """{"spec":{"versions":[{"name":"v2","storage":true}]},"status":{"storedVersions":["v1","v2"]}}""", "FieldValueInvalid", "status.storedVersions[0]" },
        { "apiextensions.k8s.io/v1/CustomResourceDefinition", "{}", """{"spec":{"versions":[{"name":"v2","storage":true}]},"status":{"storedVersions":["v1"]}}""", "FieldValueInvalid", "status.storedVersions" },
        { "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration", "{}", """{"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://u@h/p"}}]}""", "FieldValueInvalid", "webhooks[0].clientConfig.url" },
        { "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration", "{}", """{"webhooks":[{"name":"a.b.c","clientConfig":{"service":{"name":"s","namespace":"n","path":"p"}}}]}""", "FieldValueInvalid", "webhooks[0].clientConfig.service.path" },
        { "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration", "{}", """{"webhooks":[{"name":"a.b.c","rules":[{"resources":["pods/*","pods/log"]}]}]}""", "FieldValueInvalid", "webhooks[0].rules[0].resources[1]" },
        { "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration", "{}", """{"webhooks":[{"name":"a.b.c","admissionReviewVersions":["v1","v1"]}]}""", "FieldValueInvalid", "webhooks[0].admissionReviewVersions[1]" },
        { "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "{}", """{"spec":{"matchConstraints":{"resourceRules":[{"operations":["READ"]}]}}}""", "FieldValueNotSupported", "spec.matchConstraints.resourceRules[0].operations[0]" },
        { "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding", "{}", """{"spec":{"policyName":"p","paramRef":{"name":"a","selector":{},"parameterNotFoundAction":"Deny"}}}""", "FieldValueForbidden", "spec.paramRef.name" },
    };

    public static TheoryData<string, string, string, string, string> RefusedOfPart => new()
    {
        { "approval", """{"status":{"conditions":[{"type":"Approved","status":"True"}]}}""", """{"status":{"conditions":[]}}""", "FieldValueForbidden", "status.conditions" },
        { "approval", """{"status":{"conditions":[{"type":"Approved","status":"True"}]}}""", """{"status":{"conditions":[{"type":"Approved","status":"True"},{"type":"Denied","status":"True"}]}}""", "FieldValueInvalid", "status.conditions[1].type" },
        { "approval", "{}", """{"status":{"conditions":[{"type":"Approved","status":"False"}]}}""", "FieldValueNotSupported", "status.conditions[0].status" },
        { "status", "{}", """{"status":{"conditions":[{"type":"Approved","status":"True"}]}}""", "FieldValueForbidden", "status.conditions" },
        { "status", """{"status":{"conditions":[{"type":"Denied","status":"True","reason":"a"}]}}""", """{"status":{"conditions":[{"type":"Denied","status":"True","reason":"b"}]}}""", "FieldValueForbidden", "status.conditions" },
        { "status", """{"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}}""", """{"status":{}}""", "FieldValueForbidden", "status.certificate" },
        { "status", "{}", """{"status":{"certificate":"YQ=="}}""", "FieldValueInvalid", "status.certificate" },
    };

    public static TheoryData<string, string, string> Allowed => new()
    {
        { "v1/Pod", """{"spec":{"containers":[{"name":"a","image":"i"}]}}""", """{"spec":{"containers":[{"name":"a","image":"j"}]}}""" },
        { "v1/Pod", """{"spec":{"containers":[]}}""", """{"spec":{"activeDeadlineSeconds":5,"tolerations":[{"operator":"Exists"}],"containers":[]}}""" },
        { "v1/PersistentVolumeClaim", """{"spec":{"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound"}}""", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""" },
        { "v1/PersistentVolumeClaim", """{"spec":{}}""", """{"spec":{"volumeName":"pv"}}""" },
        { "v1/ConfigMap", """{"data":{"a":"1"}}""", """{"immutable":true,"data":{"a":"2"}}""" },
        { "v1/ResourceQuota", """{"spec":{"scopes":["NotBestEffort","Terminating"]}}""", """{"spec":{"scopes":["Terminating","NotBestEffort"]}}""" },
        { "networking.k8s.io/v1/ServiceCIDR", """{"spec":{"cidrs":["10.0.0.0/24"]}}""", """{"spec":{"cidrs":["10.0.0.0/24","2001:db8::/64"]}}""" },
        { "scheduling.k8s.io/v1/PriorityClass", """{"value":1}""", """{"value":1,"description":"more","globalDefault":true}""" },
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

    [Theory]
    [MemberData(nameof(RefusedOfPart))]
    public void What_was_said_of_a_signing_request_stays_said(string part, string old, string changed, string reason, string field)
    {
        var errors = new FieldErrors();

        ObjectValidation.Update(BuiltInKinds.CertificateSigningRequest, Named(changed), Named(old), part, errors);

        Assert.Contains(errors.Causes, cause => cause.Reason == reason && cause.Field == field);
    }

    [Fact]
    public void A_status_update_is_not_judged_by_the_rules_of_the_spec()
    {
        JsonObject old = Named("""{"spec":{}}""");
        JsonObject changed = Named("""{"spec":{},"status":{"replicas":1}}""");
        var errors = new FieldErrors();

        ObjectValidation.Update(BuiltInKinds.Deployment, changed, old, "status", errors);

        Assert.Empty(errors.Causes);
    }

    [Theory]
    [InlineData("{}", """{"status":{"reservedFor":[{"resource":"pods","name":"p","uid":"u"}]}}""", "FieldValueForbidden", "status.reservedFor")]
    [InlineData("""{"status":{"allocation":{"devices":{}}}}""", """{"status":{"allocation":{"nodeSelector":{}}}}""", "FieldValueInvalid", "status.allocation")]
    public void A_claim_is_reserved_as_it_is_allocated(string old, string changed, string reason, string field)
    {
        var errors = new FieldErrors();

        ObjectValidation.Update(BuiltInKinds.ResourceClaim, Named(changed), Named(old), "status", errors);

        StatusCause cause = Assert.Single(errors.Causes);
        Assert.Equal((reason, field), (cause.Reason, cause.Field));
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
        obj.Ensure("metadata").Default("name", "a");
        return obj;
    }
}
