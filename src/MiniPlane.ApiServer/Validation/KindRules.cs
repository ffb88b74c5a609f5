using System.Collections.Frozen;
using MiniPlane.ApiServer.Admission.Policies;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Which rules hold for which kind. Kinds that are not listed have only their schema and metadata checked.</summary>
internal static class KindRules
{
    private static readonly FrozenDictionary<string, KindRule> Rules = new Dictionary<string, KindRule>(StringComparer.Ordinal)
    {
        ["Pod"] = new()
        {
            New = PodRules.NewPod,
            Object = PodRules.Pod,
            Change = PodUpdateRules.Update,
            ChecksObjectOnUpdate = false,
            Subresource = PodUpdateRules.Subresource,
        },
        ["PodTemplate"] = new() { Object = CoreRules.PodTemplate },
        ["ReplicationController"] = new() { Object = WorkloadRules.ReplicationController },
        ["Service"] = new() { Object = ServiceRules.Service },
        ["ConfigMap"] = new() { Object = ConfigRules.ConfigMap, Change = ConfigRules.ConfigMapChange },
        ["Secret"] = new() { Object = ConfigRules.Secret, Change = ConfigRules.SecretChange },
        ["Namespace"] = new() { Object = CoreRules.Namespace },
        ["Node"] = new() { Object = CoreRules.Node, Change = CoreRules.NodeChange },
        ["PersistentVolume"] = new() { Object = StorageRules.PersistentVolume, Change = StorageRules.PersistentVolumeChange },
        ["PersistentVolumeClaim"] = new()
        {
            Object = StorageRules.PersistentVolumeClaim,
            Change = StorageRules.ClaimChange,
            ChecksObjectOnUpdate = false,
        },
        ["ResourceQuota"] = new() { Object = QuotaRules.ResourceQuota, Change = QuotaRules.ResourceQuotaChange },
        ["LimitRange"] = new() { Object = PolicyRules.LimitRange },
        ["Deployment.apps"] = new() { Object = WorkloadRules.Deployment, Change = WorkloadRules.SelectorChange },
        ["ReplicaSet.apps"] = new() { Object = WorkloadRules.ReplicaSet, Change = WorkloadRules.SelectorChange },
        ["DaemonSet.apps"] = new() { Object = WorkloadRules.DaemonSet, Change = WorkloadRules.SelectorChange },
        ["StatefulSet.apps"] = new() { Object = WorkloadRules.StatefulSet, Change = WorkloadRules.StatefulSetChanges },
        ["ControllerRevision.apps"] = new() { Object = CoreRules.ControllerRevision, Change = CoreRules.ControllerRevisionChange },
        ["Job.batch"] = new() { New = BatchRules.NewJob, Object = BatchRules.Job, Change = BatchRules.JobChange },
        ["CronJob.batch"] = new() { Object = BatchRules.CronJob },
        ["HorizontalPodAutoscaler.autoscaling"] = new() { Object = AutoscalerRules.HorizontalPodAutoscaler },
        ["PodDisruptionBudget.policy"] = new() { Object = PolicyRules.PodDisruptionBudget },
        ["PriorityClass.scheduling.k8s.io"] = new() { Object = PolicyRules.PriorityClass, Change = PolicyRules.PriorityClassChange },
        ["Endpoints"] = new() { Object = AddressRules.Endpoints },
        ["EndpointSlice.discovery.k8s.io"] = new() { Object = AddressRules.Slice, Change = AddressRules.SliceChange },
        ["IPAddress.networking.k8s.io"] = new() { Object = AddressRules.IpAddress, Change = AddressRules.IpAddressChange },
        ["ServiceCIDR.networking.k8s.io"] = new() { Object = AddressRules.ServiceRange, Change = AddressRules.ServiceRangeChange },
        ["NetworkPolicy.networking.k8s.io"] = new() { Object = ServiceRules.NetworkPolicy },
        ["Ingress.networking.k8s.io"] = new() { New = IngressRules.NewIngress, Object = IngressRules.Ingress },
        ["IngressClass.networking.k8s.io"] = new() { Object = IngressRules.IngressClass, Change = IngressRules.IngressClassChange },
        ["Role.rbac.authorization.k8s.io"] = new() { Object = RbacRules.Role },
        ["ClusterRole.rbac.authorization.k8s.io"] = new() { Object = RbacRules.ClusterRole },
        ["RoleBinding.rbac.authorization.k8s.io"] = new() { Object = RbacRules.RoleBinding, Change = RbacRules.BindingChange },
        ["ClusterRoleBinding.rbac.authorization.k8s.io"] = new()
        {
            Object = RbacRules.ClusterRoleBinding,
            Change = RbacRules.BindingChange,
        },
        ["StorageClass.storage.k8s.io"] = new() { Object = StorageRules.StorageClass, Change = StorageRules.StorageClassChange },
        ["CSIDriver.storage.k8s.io"] = new() { Object = StorageDriverRules.Driver, Change = StorageDriverRules.DriverChange },
        ["CSINode.storage.k8s.io"] = new() { Object = StorageDriverRules.Node, Change = StorageDriverRules.NodeChange },
        ["CSIStorageCapacity.storage.k8s.io"] = new() { Object = StorageDriverRules.Capacity, Change = StorageDriverRules.CapacityChange },
        ["VolumeAttachment.storage.k8s.io"] = new() { Object = StorageDriverRules.Attachment, Change = StorageDriverRules.AttachmentChange },
        ["VolumeAttributesClass.storage.k8s.io"] = new()
        {
            Object = StorageDriverRules.AttributesClass,
            Change = StorageDriverRules.AttributesClassChange,
        },
        ["FlowSchema.flowcontrol.apiserver.k8s.io"] = new() { Object = FlowRules.Schema },
        ["PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io"] = new() { Object = FlowRules.Level },
        ["APIService.apiregistration.k8s.io"] = new() { Object = ApiServiceRules.ApiService },
        ["DeviceClass.resource.k8s.io"] = new() { Object = DeviceRules.DeviceClass },
        ["ResourceClaim.resource.k8s.io"] = new() { Object = DeviceRules.Claim, Change = DeviceRules.SpecChange, Subresource = DeviceRules.ClaimStatus },
        ["ResourceClaimTemplate.resource.k8s.io"] = new() { Object = DeviceRules.ClaimTemplate, Change = DeviceRules.SpecChange },
        ["CertificateSigningRequest.certificates.k8s.io"] = new()
        {
            Object = CertificateRules.SigningRequest,
            ChecksObjectOnUpdate = false,
            Subresource = SigningRequestChanges.Subresource,
        },
        ["Lease.coordination.k8s.io"] = new() { Object = CoreRules.Lease },
        ["RuntimeClass.node.k8s.io"] = new() { Object = CoreRules.RuntimeClass, Change = CoreRules.RuntimeClassChange },
        ["CustomResourceDefinition.apiextensions.k8s.io"] = new()
        {
            New = DefinitionRules.Approved,
            Object = DefinitionRules.Definition,
            Change = DefinitionRules.Change,
        },
        ["ValidatingAdmissionPolicy.admissionregistration.k8s.io"] = new() { Object = AdmissionPolicyRules.Validating },
        ["MutatingAdmissionPolicy.admissionregistration.k8s.io"] = new() { Object = AdmissionPolicyRules.Mutating },
        ["ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io"] = new() { Object = AdmissionPolicyRules.ValidatingBinding },
        ["MutatingAdmissionPolicyBinding.admissionregistration.k8s.io"] = new() { Object = AdmissionPolicyRules.Binding },
        ["ValidatingWebhookConfiguration.admissionregistration.k8s.io"] = new() { Object = ExtensionRules.Webhooks },
        ["MutatingWebhookConfiguration.admissionregistration.k8s.io"] = new() { Object = ExtensionRules.Webhooks },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static KindRule? For(KindDefinition kind) =>
        Rules.GetValueOrDefault(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}");
}
