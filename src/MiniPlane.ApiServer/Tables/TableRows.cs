using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// The cells that <c>kubectl get</c> shows, as kube-apiserver's printers make them (pkg/printers/internalversion). One line per kind;
/// a kind that is not listed shows what its columns' paths lead to.
/// </summary>
public static class TableRows
{
    private static readonly FrozenDictionary<string, Func<JsonObject, DateTimeOffset, JsonArray>> Printers =
        new Dictionary<string, Func<JsonObject, DateTimeOffset, JsonArray>>(StringComparer.Ordinal)
        {
            ["pods"] = PodPrinter.Print,
            ["podtemplates"] = WorkloadPrinters.PodTemplate,
            ["replicationcontrollers"] = WorkloadPrinters.ReplicationController,
            ["services"] = NetworkPrinters.Service,
            ["endpoints"] = NetworkPrinters.Endpoints,
            ["nodes"] = CorePrinters.Node,
            ["namespaces"] = CorePrinters.Namespace,
            ["configmaps"] = CorePrinters.ConfigMap,
            ["componentstatuses"] = CorePrinters.ComponentStatus,
            ["secrets"] = CorePrinters.Secret,
            ["serviceaccounts"] = CorePrinters.NameAndAge,
            ["events"] = CorePrinters.Event,
            ["resourcequotas"] = CorePrinters.ResourceQuota,
            ["persistentvolumes"] = StoragePrinters.PersistentVolume,
            ["persistentvolumeclaims"] = StoragePrinters.PersistentVolumeClaim,
            ["deployments.apps"] = WorkloadPrinters.Deployment,
            ["replicasets.apps"] = WorkloadPrinters.ReplicaSet,
            ["statefulsets.apps"] = WorkloadPrinters.StatefulSet,
            ["daemonsets.apps"] = WorkloadPrinters.DaemonSet,
            ["controllerrevisions.apps"] = PolicyPrinters.ControllerRevision,
            ["jobs.batch"] = WorkloadPrinters.Job,
            ["cronjobs.batch"] = WorkloadPrinters.CronJob,
            ["horizontalpodautoscalers.autoscaling"] = AutoscalerPrinter.Print,
            ["poddisruptionbudgets.policy"] = PolicyPrinters.DisruptionBudget,
            ["ingresses.networking.k8s.io"] = NetworkPrinters.Ingress,
            ["ingressclasses.networking.k8s.io"] = NetworkPrinters.IngressClass,
            ["networkpolicies.networking.k8s.io"] = NetworkPrinters.NetworkPolicy,
            ["servicecidrs.networking.k8s.io"] = NetworkPrinters.ServiceCidr,
            ["ipaddresses.networking.k8s.io"] = NetworkPrinters.IpAddress,
            ["endpointslices.discovery.k8s.io"] = NetworkPrinters.EndpointSlice,
            ["rolebindings.rbac.authorization.k8s.io"] = PolicyPrinters.RoleBinding,
            ["clusterrolebindings.rbac.authorization.k8s.io"] = PolicyPrinters.RoleBinding,
            ["priorityclasses.scheduling.k8s.io"] = PolicyPrinters.PriorityClass,
            ["leases.coordination.k8s.io"] = PolicyPrinters.Lease,
            ["runtimeclasses.node.k8s.io"] = PolicyPrinters.RuntimeClass,
            ["certificatesigningrequests.certificates.k8s.io"] = PolicyPrinters.SigningRequest,
            ["storageclasses.storage.k8s.io"] = StoragePrinters.StorageClass,
            ["volumeattachments.storage.k8s.io"] = StoragePrinters.VolumeAttachment,
            ["csidrivers.storage.k8s.io"] = StoragePrinters.CsiDriver,
            ["csinodes.storage.k8s.io"] = StoragePrinters.CsiNode,
            ["volumeattributesclasses.storage.k8s.io"] = StoragePrinters.VolumeAttributesClass,
            ["apiservices.apiregistration.k8s.io"] = ExtensionPrinters.ApiService,
            ["validatingwebhookconfigurations.admissionregistration.k8s.io"] = ExtensionPrinters.Webhooks,
            ["mutatingwebhookconfigurations.admissionregistration.k8s.io"] = ExtensionPrinters.Webhooks,
            ["validatingadmissionpolicies.admissionregistration.k8s.io"] = ExtensionPrinters.ValidatingPolicy,
            ["mutatingadmissionpolicies.admissionregistration.k8s.io"] = ExtensionPrinters.MutatingPolicy,
            ["validatingadmissionpolicybindings.admissionregistration.k8s.io"] = ExtensionPrinters.PolicyBinding,
            ["mutatingadmissionpolicybindings.admissionregistration.k8s.io"] = ExtensionPrinters.PolicyBinding,
            ["flowschemas.flowcontrol.apiserver.k8s.io"] = ExtensionPrinters.FlowSchema,
            ["prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"] = ExtensionPrinters.PriorityLevel,
            ["deviceclasses.resource.k8s.io"] = CorePrinters.NameAndAge,
            ["resourceclaims.resource.k8s.io"] = ExtensionPrinters.ResourceClaim,
            ["resourceclaimtemplates.resource.k8s.io"] = CorePrinters.NameAndAge,
            ["resourceslices.resource.k8s.io"] = ExtensionPrinters.ResourceSlice,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    // What the printer of the kind that is listed most looks at.
    private static readonly KeptFields PodFields = new(
        "metadata.name",
        "metadata.creationTimestamp",
        "metadata.deletionTimestamp",
        "spec.nodeName",
        "spec.readinessGates.conditionType",
        "spec.containers.name",
        "spec.initContainers.name",
        "spec.initContainers.restartPolicy",
        "status.phase",
        "status.reason",
        "status.podIP",
        "status.podIPs.ip",
        "status.nominatedNodeName",
        "status.conditions.type",
        "status.conditions.status",
        "status.conditions.reason",
        "status.initContainerStatuses.name",
        "status.initContainerStatuses.restartCount",
        "status.initContainerStatuses.ready",
        "status.initContainerStatuses.started",
        "status.initContainerStatuses.state",
        "status.initContainerStatuses.lastState.terminated.finishedAt",
        "status.containerStatuses.restartCount",
        "status.containerStatuses.ready",
        "status.containerStatuses.state",
        "status.containerStatuses.lastState.terminated.finishedAt");

    /// <summary>Whether objects of the kind are listed by the thousand, so that a row is worth being made when the object is written.</summary>
    public static bool AreMany(KindDefinition kind) => kind.Collection == "pods";

    /// <summary>One row's cells, in the order of <see cref="TableColumns.For"/>.</summary>
    public static JsonArray Cells(KindDefinition kind, ObjectDocument document, DateTimeOffset now) =>
        Cells(kind, kind.Collection == "pods" ? PodFields.Read(document) : document.ToJson(), now);

    public static JsonArray Cells(KindDefinition kind, JsonObject obj, DateTimeOffset now) =>
        Printers.TryGetValue(kind.Collection, out Func<JsonObject, DateTimeOffset, JsonArray>? print)
            ? print(obj, now)
            : ColumnCells.Of(TableColumns.Definitions(kind), obj, now);
}
