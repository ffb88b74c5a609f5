namespace MiniPlane.Objects.Catalogue;

/// <summary>The built-in kinds by name, for code that acts on a particular one. They never change.</summary>
public static class BuiltInKinds
{
    public static KindDefinition Binding { get; } = Get("v1", "Binding");

    public static KindDefinition ComponentStatus { get; } = Get("v1", "ComponentStatus");

    public static KindDefinition ConfigMap { get; } = Get("v1", "ConfigMap");

    public static KindDefinition Endpoints { get; } = Get("v1", "Endpoints");

    public static KindDefinition Event { get; } = Get("v1", "Event");

    public static KindDefinition LimitRange { get; } = Get("v1", "LimitRange");

    public static KindDefinition Namespace { get; } = Get("v1", "Namespace");

    public static KindDefinition Node { get; } = Get("v1", "Node");

    public static KindDefinition PersistentVolumeClaim { get; } = Get("v1", "PersistentVolumeClaim");

    public static KindDefinition PersistentVolume { get; } = Get("v1", "PersistentVolume");

    public static KindDefinition Pod { get; } = Get("v1", "Pod");

    public static KindDefinition PodTemplate { get; } = Get("v1", "PodTemplate");

    public static KindDefinition ReplicationController { get; } = Get("v1", "ReplicationController");

    public static KindDefinition ResourceQuota { get; } = Get("v1", "ResourceQuota");

    public static KindDefinition Secret { get; } = Get("v1", "Secret");

    public static KindDefinition ServiceAccount { get; } = Get("v1", "ServiceAccount");

    public static KindDefinition Service { get; } = Get("v1", "Service");

    public static KindDefinition APIService { get; } = Get("apiregistration.k8s.io/v1", "APIService");

    public static KindDefinition ControllerRevision { get; } = Get("apps/v1", "ControllerRevision");

    public static KindDefinition DaemonSet { get; } = Get("apps/v1", "DaemonSet");

    public static KindDefinition Deployment { get; } = Get("apps/v1", "Deployment");

    public static KindDefinition ReplicaSet { get; } = Get("apps/v1", "ReplicaSet");

    public static KindDefinition StatefulSet { get; } = Get("apps/v1", "StatefulSet");

    public static KindDefinition GroupedEvent { get; } = Get("events.k8s.io/v1", "Event");

    public static KindDefinition SelfSubjectReview { get; } = Get("authentication.k8s.io/v1", "SelfSubjectReview");

    public static KindDefinition TokenReview { get; } = Get("authentication.k8s.io/v1", "TokenReview");

    public static KindDefinition LocalSubjectAccessReview { get; } = Get("authorization.k8s.io/v1", "LocalSubjectAccessReview");

    public static KindDefinition SelfSubjectAccessReview { get; } = Get("authorization.k8s.io/v1", "SelfSubjectAccessReview");

    public static KindDefinition SelfSubjectRulesReview { get; } = Get("authorization.k8s.io/v1", "SelfSubjectRulesReview");

    public static KindDefinition SubjectAccessReview { get; } = Get("authorization.k8s.io/v1", "SubjectAccessReview");

    public static KindDefinition HorizontalPodAutoscaler { get; } = Get("autoscaling/v2", "HorizontalPodAutoscaler");

    public static KindDefinition HorizontalPodAutoscalerV1 { get; } = Get("autoscaling/v1", "HorizontalPodAutoscaler");

    public static KindDefinition CronJob { get; } = Get("batch/v1", "CronJob");

    public static KindDefinition Job { get; } = Get("batch/v1", "Job");

    public static KindDefinition CertificateSigningRequest { get; } = Get("certificates.k8s.io/v1", "CertificateSigningRequest");

    public static KindDefinition IngressClass { get; } = Get("networking.k8s.io/v1", "IngressClass");

    public static KindDefinition Ingress { get; } = Get("networking.k8s.io/v1", "Ingress");

    public static KindDefinition IPAddress { get; } = Get("networking.k8s.io/v1", "IPAddress");

    public static KindDefinition NetworkPolicy { get; } = Get("networking.k8s.io/v1", "NetworkPolicy");

    public static KindDefinition ServiceCIDR { get; } = Get("networking.k8s.io/v1", "ServiceCIDR");

    public static KindDefinition PodDisruptionBudget { get; } = Get("policy/v1", "PodDisruptionBudget");

    public static KindDefinition ClusterRoleBinding { get; } = Get("rbac.authorization.k8s.io/v1", "ClusterRoleBinding");

    public static KindDefinition ClusterRole { get; } = Get("rbac.authorization.k8s.io/v1", "ClusterRole");

    public static KindDefinition RoleBinding { get; } = Get("rbac.authorization.k8s.io/v1", "RoleBinding");

    public static KindDefinition Role { get; } = Get("rbac.authorization.k8s.io/v1", "Role");

    public static KindDefinition CSIDriver { get; } = Get("storage.k8s.io/v1", "CSIDriver");

    public static KindDefinition CSINode { get; } = Get("storage.k8s.io/v1", "CSINode");

    public static KindDefinition CSIStorageCapacity { get; } = Get("storage.k8s.io/v1", "CSIStorageCapacity");

    public static KindDefinition StorageClass { get; } = Get("storage.k8s.io/v1", "StorageClass");

    public static KindDefinition VolumeAttachment { get; } = Get("storage.k8s.io/v1", "VolumeAttachment");

    public static KindDefinition VolumeAttributesClass { get; } = Get("storage.k8s.io/v1", "VolumeAttributesClass");

    public static KindDefinition MutatingAdmissionPolicy { get; } = Get("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy");

    public static KindDefinition MutatingAdmissionPolicyBinding { get; } = Get("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding");

    public static KindDefinition MutatingWebhookConfiguration { get; } = Get("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration");

    public static KindDefinition ValidatingAdmissionPolicy { get; } = Get("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");

    public static KindDefinition ValidatingAdmissionPolicyBinding { get; } = Get("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding");

    public static KindDefinition ValidatingWebhookConfiguration { get; } = Get("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration");

    public static KindDefinition CustomResourceDefinition { get; } = Get("apiextensions.k8s.io/v1", "CustomResourceDefinition");

    public static KindDefinition PriorityClass { get; } = Get("scheduling.k8s.io/v1", "PriorityClass");

    public static KindDefinition Lease { get; } = Get("coordination.k8s.io/v1", "Lease");

    public static KindDefinition RuntimeClass { get; } = Get("node.k8s.io/v1", "RuntimeClass");

    public static KindDefinition EndpointSlice { get; } = Get("discovery.k8s.io/v1", "EndpointSlice");

    public static KindDefinition DeviceClass { get; } = Get("resource.k8s.io/v1", "DeviceClass");

    public static KindDefinition ResourceClaim { get; } = Get("resource.k8s.io/v1", "ResourceClaim");

    public static KindDefinition ResourceClaimTemplate { get; } = Get("resource.k8s.io/v1", "ResourceClaimTemplate");

    public static KindDefinition ResourceSlice { get; } = Get("resource.k8s.io/v1", "ResourceSlice");

    public static KindDefinition FlowSchema { get; } = Get("flowcontrol.apiserver.k8s.io/v1", "FlowSchema");

    public static KindDefinition PriorityLevelConfiguration { get; } = Get("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration");

    private static KindDefinition Get(string apiVersion, string kind) =>
        BuiltInCatalogue.Instance.FindKind(apiVersion, kind)
        ?? throw new InvalidOperationException($"The catalogue has no {apiVersion}/{kind}.");
}
