using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Registry;

/// <summary>What the registry needs to know of a kind beyond its catalogue entry.</summary>
internal static class KindTraits
{
    private static readonly HashSet<string> BuiltInGroups = new(StringComparer.Ordinal)
    {
        "", "apps", "batch", "autoscaling", "policy", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
        "certificates.k8s.io", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io",
        "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "scheduling.k8s.io",
        "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "resource.k8s.io", "flowcontrol.apiserver.k8s.io", "metrics.k8s.io",
    };

    // The registries of upstream that set ReturnDeletedObject.
    private static readonly HashSet<string> ReturnedWhenDeleted = new(StringComparer.Ordinal)
    {
        "pods", "podtemplates", "persistentvolumes", "persistentvolumeclaims", "resourcequotas", "serviceaccounts",
        "volumeattachments", "storageclasses", "csidrivers", "csinodes", "volumeattributesclasses",
        "csistoragecapacities",
    };

    // The strategies of upstream whose AllowCreateOnUpdate is true.
    private static readonly HashSet<string> CreatedByPut = new(StringComparer.Ordinal)
    {
        "endpoints", "services", "events", "limitranges", "podtemplates", "leases", "roles", "clusterroles",
        "rolebindings", "clusterrolebindings",
    };

    /// <summary>The kind comes from a CustomResourceDefinition.</summary>
    public static bool IsCustom(this KindDefinition kind) => kind.Custom is not null || !BuiltInGroups.Contains(kind.Group);

    public static bool IsCustomResourceDefinition(this KindDefinition kind) =>
        kind is { Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition" };

    /// <summary>Items of a list repeat kind and apiVersion only for custom kinds, as upstream's untyped lists do.</summary>
    public static bool KeepsItemHeads(this KindDefinition kind) => kind.IsCustom();

    public static bool IsPod(this KindDefinition kind) => kind is { Group: "", Kind: "Pod" };

    public static bool IsNamespace(this KindDefinition kind) => kind is { Group: "", Kind: "Namespace" };

    /// <summary>A final deletion answers with the object instead of a Status.</summary>
    public static bool IsReturnedWhenDeleted(this KindDefinition kind) =>
        kind.IsCustom() ? false : ReturnedWhenDeleted.Contains(kind.Plural);

    public static bool IsCreatedByPut(this KindDefinition kind) => !kind.IsCustom() && CreatedByPut.Contains(kind.Plural);

    /// <summary>The old clients of these kinds rely on dependents being orphaned when nothing is said.</summary>
    public static bool OrphansByDefault(this KindDefinition kind) =>
        kind is { Group: "", Plural: "replicationcontrollers" } or { Group: "batch", Version: "v1", Plural: "jobs" };
}
