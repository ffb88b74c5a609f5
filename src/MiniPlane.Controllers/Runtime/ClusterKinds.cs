using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Controllers.Runtime;

/// <summary>The kinds that controllers name, looked up in the catalogue once.</summary>
internal sealed class ClusterKinds(IKindCatalogue catalogue)
{
    public KindDefinition Namespace => field ??= Find("", "namespaces");

    public KindDefinition Pod => field ??= Find("", "pods");

    public KindDefinition Node => field ??= Find("", "nodes");

    public KindDefinition Service => field ??= Find("", "services");

    public KindDefinition ServiceRange => field ??= Find("networking.k8s.io", "servicecidrs");

    public KindDefinition Endpoints => field ??= Find("", "endpoints");

    public KindDefinition Event => field ??= Find("", "events");

    public KindDefinition ConfigMap => field ??= Find("", "configmaps");

    public KindDefinition PersistentVolume => field ??= Find("", "persistentvolumes");

    public KindDefinition PersistentVolumeClaim => field ??= Find("", "persistentvolumeclaims");

    public KindDefinition StorageClass => field ??= Find("storage.k8s.io", "storageclasses");

    public KindDefinition ResourceQuota => field ??= Find("", "resourcequotas");

    public KindDefinition PodDisruptionBudget => field ??= Find("policy", "poddisruptionbudgets");

    public KindDefinition Lease => field ??= Find("coordination.k8s.io", "leases");

    public KindDefinition HorizontalPodAutoscaler => field ??= catalogue.FindResource("autoscaling", "v2", "horizontalpodautoscalers")
        ?? throw new InvalidOperationException("The catalogue lacks horizontalpodautoscalers.");

    public KindDefinition ServiceAccount => field ??= Find("", "serviceaccounts");

    public KindDefinition Deployment => field ??= Find("apps", "deployments");

    public KindDefinition ReplicaSet => field ??= Find("apps", "replicasets");

    public KindDefinition ReplicationController => field ??= Find("", "replicationcontrollers");

    public KindDefinition StatefulSet => field ??= Find("apps", "statefulsets");

    public KindDefinition DaemonSet => field ??= Find("apps", "daemonsets");

    public KindDefinition ControllerRevision => field ??= Find("apps", "controllerrevisions");

    public KindDefinition CronJob => field ??= Find("batch", "cronjobs");

    public KindDefinition Job => field ??= Find("batch", "jobs");

    public KindDefinition EndpointSlice => field ??= Find("discovery.k8s.io", "endpointslices");

    private KindDefinition Find(string group, string plural) =>
        catalogue.FindResource(group, "v1", plural)
        ?? throw new InvalidOperationException($"The catalogue lacks {plural} of group \"{group}\".");
}
