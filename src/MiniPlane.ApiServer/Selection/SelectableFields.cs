using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Selection;

/// <summary>Which fields of a kind a field selector may name (upstream's GetAttrs and AddFieldLabelConversionFunc).</summary>
internal static class SelectableFields
{
    private static readonly string[] EventFields =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
        "reportingComponent", "source", "type",
    ];

    // Keyed by collection.
    private static readonly Dictionary<string, string[]> ByCollection = new(StringComparer.Ordinal)
    {
        ["pods"] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
        ],
        ["nodes"] = ["spec.unschedulable"],
        ["namespaces"] = ["status.phase"],
        ["secrets"] = ["type"],
        ["events"] = EventFields,
        ["events.events.k8s.io"] =
        [
            "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion",
            "regarding.resourceVersion", "regarding.fieldPath", "reason", "reportingController", "type",
        ],
        ["replicationcontrollers"] = ["status.replicas"],
        ["services"] = ["spec.clusterIP", "spec.type"],
        ["replicasets.apps"] = ["status.replicas"],
        ["jobs.batch"] = ["status.successful"],
        ["certificatesigningrequests.certificates.k8s.io"] = ["spec.signerName"],
        ["resourceslices.resource.k8s.io"] = ["spec.driver", "spec.nodeName"],
    };

    public static bool IsKnown(KindDefinition kind, string path) =>
        path == "metadata.name"
        || (path == "metadata.namespace" && (kind.IsNamespaced || !kind.IsCustom()))
        || Of(kind).Contains(path, StringComparer.Ordinal);

    public static IReadOnlyList<string> Of(KindDefinition kind) =>
        kind.Custom?.SelectableFields ?? (ByCollection.TryGetValue(Key(kind), out string[]? fields) ? fields : []);

    /// <summary>The field's path in the stored form: events.k8s.io names what core Events have differently.</summary>
    public static string Stored(KindDefinition kind, string path) => Key(kind) != "events.events.k8s.io" ? path
        : path == "reportingController" ? "reportingComponent"
        : path.StartsWith("regarding.", StringComparison.Ordinal) ? string.Concat("involvedObject.", path.AsSpan("regarding.".Length))
        : path;

    // Events share one collection, but not their names of fields.
    private static string Key(KindDefinition kind) =>
        kind.Group == "events.k8s.io" && kind.Kind == "Event" ? "events.events.k8s.io" : kind.Collection;
}
