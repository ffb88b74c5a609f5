using System.Collections.Immutable;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Testing.Cluster;

/// <summary>Kinds by hand, for tests that need no fields, tables or validation.</summary>
public sealed class FakeCatalogue : IKindCatalogue
{
    private static readonly string[] AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    // Replaced as a whole: controllers walk it on other threads.
    private volatile ImmutableList<KindDefinition> _kinds =
    [
        Make("", "Namespace", "namespaces", isNamespaced: false, "finalize", "status"),
        Make("", "Node", "nodes", isNamespaced: false, "status"),
        Make("", "Pod", "pods", isNamespaced: true, "binding", "eviction", "status"),
        Make("", "Service", "services", isNamespaced: true, "status"),
        Make("", "Endpoints", "endpoints", isNamespaced: true),
        Make("", "Event", "events", isNamespaced: true),
        Make("", "ConfigMap", "configmaps", isNamespaced: true),
        Make("", "PersistentVolume", "persistentvolumes", isNamespaced: false, "status"),
        Make("", "PersistentVolumeClaim", "persistentvolumeclaims", isNamespaced: true, "status"),
        Make("storage.k8s.io", "StorageClass", "storageclasses", isNamespaced: false),
        Make("", "ResourceQuota", "resourcequotas", isNamespaced: true, "status"),
        Make("policy", "PodDisruptionBudget", "poddisruptionbudgets", isNamespaced: true, "status"),
        Make("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", isNamespaced: true, "status") with { Version = "v2" },
        Make("coordination.k8s.io", "Lease", "leases", isNamespaced: true),
        Make("", "ServiceAccount", "serviceaccounts", isNamespaced: true, "token"),
        Make("apps", "Deployment", "deployments", isNamespaced: true, "scale", "status"),
        Make("apps", "ReplicaSet", "replicasets", isNamespaced: true, "scale", "status"),
        Make("apps", "StatefulSet", "statefulsets", isNamespaced: true, "scale", "status"),
        Make("apps", "DaemonSet", "daemonsets", isNamespaced: true, "status"),
        Make("apps", "ControllerRevision", "controllerrevisions", isNamespaced: true),
        Make("", "ReplicationController", "replicationcontrollers", isNamespaced: true, "scale", "status"),
        Make("batch", "CronJob", "cronjobs", isNamespaced: true, "status"),
        Make("batch", "Job", "jobs", isNamespaced: true, "status"),
        Make("discovery.k8s.io", "EndpointSlice", "endpointslices", isNamespaced: true),
    ];

    public IReadOnlyCollection<KindDefinition> Kinds => _kinds;

    /// <summary>A kind with all verbs and no declared fields.</summary>
    public static KindDefinition Make(
        string group, string kind, string plural, bool isNamespaced, params string[] subresources) => new()
        {
            Group = group,
            Version = "v1",
            Kind = kind,
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            IsNamespaced = isNamespaced,
            Verbs = AllVerbs,
            Subresources = [.. subresources.Select(name => new SubresourceDefinition(name, kind, group, "v1", ["get", "patch", "update"]))],
            Type = new TypeDefinition(kind, TypeForm.Object, "") { PreservesUnknownFields = true },
        };

    /// <summary>Serves one more kind from now on, as a CustomResourceDefinition would.</summary>
    public void Add(KindDefinition kind) => _kinds = _kinds.Add(kind);

    /// <summary>Serves a kind no more, as when its CustomResourceDefinition has gone.</summary>
    public void Remove(KindDefinition kind) => _kinds = _kinds.Remove(kind);

    public KindDefinition? FindResource(string group, string version, string plural) =>
        _kinds.Find(kind => kind.Group == group && kind.Version == version && kind.Plural == plural);

    public KindDefinition? FindKind(string apiVersion, string kind) =>
        _kinds.Find(candidate => candidate.ApiVersion == apiVersion && candidate.Kind == kind);

    public TypeDefinition? FindType(string name) => null;
}
