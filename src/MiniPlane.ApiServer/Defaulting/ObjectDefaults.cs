using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>
/// Fills the fields that a client left out, as kube-apiserver 1.36 does when it decodes an object (pkg/apis/*/v1/defaults.go). Pure,
/// and harmless to repeat. One line per kind; kinds that are not listed (custom ones among them) have no defaults of this sort.
/// </summary>
public static class ObjectDefaults
{
    private static readonly FrozenDictionary<string, Action<JsonObject>> Rules = new Dictionary<string, Action<JsonObject>>(
        StringComparer.Ordinal)
    {
        ["v1/Pod"] = PodDefaults.Pod,
        ["v1/PodTemplate"] = PodDefaults.PodTemplate,
        ["v1/ReplicationController"] = WorkloadDefaults.ReplicationController,
        ["v1/Service"] = ServiceDefaults.Service,
        ["v1/Endpoints"] = ServiceDefaults.Endpoints,
        ["v1/Secret"] = CoreDefaults.Secret,
        ["v1/Namespace"] = CoreDefaults.Namespace,
        ["v1/Node"] = CoreDefaults.Node,
        ["v1/LimitRange"] = CoreDefaults.LimitRange,
        ["v1/Event"] = CoreDefaults.Event,
        ["v1/PersistentVolume"] = StorageDefaults.PersistentVolume,
        ["v1/PersistentVolumeClaim"] = StorageDefaults.PersistentVolumeClaim,
        ["apps/v1/Deployment"] = WorkloadDefaults.Deployment,
        ["apps/v1/ReplicaSet"] = WorkloadDefaults.ReplicaSet,
        ["apps/v1/StatefulSet"] = WorkloadDefaults.StatefulSet,
        ["apps/v1/DaemonSet"] = WorkloadDefaults.DaemonSet,
        ["batch/v1/Job"] = BatchDefaults.Job,
        ["batch/v1/CronJob"] = BatchDefaults.CronJob,
        ["autoscaling/v1/HorizontalPodAutoscaler"] = AutoscalingDefaults.HorizontalPodAutoscalerV1,
        ["autoscaling/v2/HorizontalPodAutoscaler"] = AutoscalingDefaults.HorizontalPodAutoscaler,
        ["networking.k8s.io/v1/NetworkPolicy"] = ServiceDefaults.NetworkPolicy,
        ["networking.k8s.io/v1/IngressClass"] = ServiceDefaults.IngressClass,
        ["discovery.k8s.io/v1/EndpointSlice"] = ServiceDefaults.EndpointSlice,
        ["storage.k8s.io/v1/StorageClass"] = StorageDefaults.StorageClass,
        ["storage.k8s.io/v1/CSIDriver"] = StorageDefaults.CsiDriver,
        ["scheduling.k8s.io/v1/PriorityClass"] = CoreDefaults.PriorityClass,
        ["rbac.authorization.k8s.io/v1/RoleBinding"] = RbacDefaults.Binding,
        ["rbac.authorization.k8s.io/v1/ClusterRoleBinding"] = RbacDefaults.Binding,
        ["rbac.authorization.k8s.io/v1/Role"] = RbacDefaults.Role,
        ["rbac.authorization.k8s.io/v1/ClusterRole"] = RbacDefaults.Role,
        ["admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration"] = WebhookDefaults.Validating,
        ["admissionregistration.k8s.io/v1/MutatingWebhookConfiguration"] = WebhookDefaults.Mutating,
        ["admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy"] = WebhookDefaults.Policy,
        ["admissionregistration.k8s.io/v1/MutatingAdmissionPolicy"] = WebhookDefaults.Policy,
        ["admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding"] = WebhookDefaults.PolicyBinding,
        ["admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding"] = WebhookDefaults.PolicyBinding,
        ["apiextensions.k8s.io/v1/CustomResourceDefinition"] = ExtensionDefaults.CustomResourceDefinition,
        ["apiregistration.k8s.io/v1/APIService"] = ExtensionDefaults.ApiService,
        ["flowcontrol.apiserver.k8s.io/v1/FlowSchema"] = FlowControlDefaults.FlowSchema,
        ["flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration"] = FlowControlDefaults.PriorityLevel,
        ["resource.k8s.io/v1/ResourceClaim"] = DeviceDefaults.ResourceClaim,
        ["resource.k8s.io/v1/ResourceClaimTemplate"] = DeviceDefaults.ResourceClaimTemplate,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Applies the defaults of <paramref name="kind"/> to <paramref name="obj"/> in place.</summary>
    public static void Apply(KindDefinition kind, JsonObject obj)
    {
        if (Rules.TryGetValue(kind.ToString(), out Action<JsonObject>? rule))
        {
            rule(obj);
        }
    }
}
