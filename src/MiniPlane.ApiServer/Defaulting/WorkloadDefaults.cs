using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of the apps group and of replication controllers (pkg/apis/apps/v1/defaults.go).</summary>
internal static class WorkloadDefaults
{
    private const long RevisionHistory = 10;
    private const long ProgressDeadlineSeconds = 600;

    public static void ReplicationController(JsonObject controller)
    {
        JsonObject spec = controller.Ensure("spec");
        if (spec.Object("template") is { } template)
        {
            PodDefaults.Template(template);
            if (template.Object("metadata", "labels") is { Count: > 0 } labels)
            {
                DefaultMap(spec, "selector", labels);
                DefaultMap(controller.Ensure("metadata"), "labels", labels);
            }
        }

        spec.Default("replicas", 1);
    }

    public static void ReplicaSet(JsonObject set)
    {
        JsonObject spec = set.Ensure("spec");
        spec.Default("replicas", 1);
        PodDefaults.Template(spec.Ensure("template"));
    }

    public static void Deployment(JsonObject deployment)
    {
        JsonObject spec = deployment.Ensure("spec");
        spec.Default("progressDeadlineSeconds", ProgressDeadlineSeconds);
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", RevisionHistory);
        JsonObject strategy = spec.Ensure("strategy");
        strategy.DefaultText("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            JsonObject rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }

        PodDefaults.Template(spec.Ensure("template"));
    }

    public static void DaemonSet(JsonObject set)
    {
        JsonObject spec = set.Ensure("spec");
        spec.Default("revisionHistoryLimit", RevisionHistory);
        JsonObject strategy = spec.Ensure("updateStrategy");
        strategy.DefaultText("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            JsonObject rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", 1);
            rolling.Default("maxSurge", 0);
        }

        PodDefaults.Template(spec.Ensure("template"));
    }

    public static void StatefulSet(JsonObject set)
    {
        JsonObject spec = set.Ensure("spec");
        spec.DefaultText("podManagementPolicy", "OrderedReady");
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", RevisionHistory);
        JsonObject retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.DefaultText("whenDeleted", "Retain");
        retention.DefaultText("whenScaled", "Retain");
        JsonObject strategy = spec.Ensure("updateStrategy");
        strategy.DefaultText("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("partition", 0);
        }

        PodDefaults.Template(spec.Ensure("template"));
        foreach (JsonObject claim in spec.Objects("volumeClaimTemplates"))
        {
            claim.DefaultText("apiVersion", "v1");
            claim.DefaultText("kind", "PersistentVolumeClaim");
            StorageDefaults.PersistentVolumeClaim(claim);
        }
    }

    private static void DefaultMap(JsonObject holder, string name, JsonObject value)
    {
        if (holder.Object(name) is not { Count: > 0 })
        {
            holder[name] = value.DeepClone();
        }
    }
}
