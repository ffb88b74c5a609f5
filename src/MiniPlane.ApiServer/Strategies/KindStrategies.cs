using System.Collections.Frozen;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>The strategy of each kind. Kinds that are not listed start with an empty status if they have one.</summary>
public static class KindStrategies
{
    private static readonly KindStrategy WithoutStatus = new();

    private static readonly KindStrategy Conditional = new() { AllowsUnconditionalUpdate = false };

    private static readonly KindStrategy WithStatus = new() { Status = InitialStatus.Empty };

    private static readonly KindStrategy Custom = new() { AllowsUnconditionalUpdate = false, Status = InitialStatus.None };

    private static readonly FrozenDictionary<string, KindStrategy> Strategies = new Dictionary<string, KindStrategy>(
        StringComparer.Ordinal)
    {
        ["Pod"] = new() { Status = InitialStatus.Pod },
        ["Namespace"] = new() { Create = NamespaceStrategy.PrepareForCreate, Status = InitialStatus.Namespace },
        ["Node"] = new() { Status = status => status.Ensure("status") },
        ["Service"] = new()
        {
            Create = ServiceStrategy.PrepareForCreate,
            Status = InitialStatus.LoadBalancer,
            Update = ServiceStrategy.PrepareForUpdate,
        },
        ["Secret"] = new() { Create = SecretStrategy.Prepare, Update = (secret, _) => SecretStrategy.Prepare(secret) },
        ["PersistentVolume"] = new() { Status = InitialStatus.PersistentVolume },
        ["PersistentVolumeClaim"] = new()
        {
            Create = ClaimStrategy.Prepare,
            Status = InitialStatus.Pending,
            Update = (claim, _) => ClaimStrategy.Prepare(claim),
        },
        ["ReplicationController"] = new() { Status = InitialStatus.Replicas },
        ["ReplicaSet.apps"] = new() { Status = InitialStatus.Replicas },
        ["StatefulSet.apps"] = new() { Status = InitialStatus.StatefulSet },
        ["DaemonSet.apps"] = new()
        {
            Create = DaemonSetStrategy.PrepareForCreate,
            Status = InitialStatus.DaemonSet,
            Update = DaemonSetStrategy.PrepareForUpdate,
        },
        ["Job.batch"] = new() { Create = JobStrategy.PrepareForCreate, Status = InitialStatus.Empty, Update = JobStrategy.PrepareForUpdate },
        ["HorizontalPodAutoscaler.autoscaling"] = new() { Status = InitialStatus.Autoscaler },
        ["Ingress.networking.k8s.io"] = new() { Status = InitialStatus.LoadBalancer },
        ["PodDisruptionBudget.policy"] = new() { AllowsUnconditionalUpdate = false, Status = InitialStatus.DisruptionBudget },
        ["CustomResourceDefinition.apiextensions.k8s.io"] = new()
        {
            AllowsUnconditionalUpdate = false,
            Status = InitialStatus.CustomResourceDefinition,
            Update = DefinitionStrategy.PrepareForUpdate,
        },
        ["APIService.apiregistration.k8s.io"] = new() { AllowsUnconditionalUpdate = false, Status = InitialStatus.Empty },
        ["VolumeAttachment.storage.k8s.io"] = new() { AllowsUnconditionalUpdate = false, Status = InitialStatus.VolumeAttachment },
        ["Lease.coordination.k8s.io"] = Conditional,
        ["CSIDriver.storage.k8s.io"] = Conditional,
        ["CSINode.storage.k8s.io"] = Conditional,
        ["RuntimeClass.node.k8s.io"] = Conditional,
        ["MutatingWebhookConfiguration.admissionregistration.k8s.io"] = Conditional,
        ["ValidatingWebhookConfiguration.admissionregistration.k8s.io"] = Conditional,
        ["ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io"] = Conditional,
        ["MutatingAdmissionPolicyBinding.admissionregistration.k8s.io"] = Conditional,
        ["MutatingAdmissionPolicy.admissionregistration.k8s.io"] = Conditional,
        ["ValidatingAdmissionPolicy.admissionregistration.k8s.io"] = new()
        {
            AllowsUnconditionalUpdate = false,
            Status = InitialStatus.Empty,
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Finds the strategy of a kind, whatever its version.</summary>
    public static IKindStrategy For(KindDefinition kind)
    {
        string name = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        if (Strategies.TryGetValue(name, out KindStrategy? strategy))
        {
            return strategy;
        }

        if (!kind.HasSubresource("status"))
        {
            return kind.IsCustom() ? Conditional : WithoutStatus;
        }

        return kind.IsCustom() ? Custom : WithStatus;
    }
}
