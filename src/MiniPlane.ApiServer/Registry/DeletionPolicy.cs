using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Pure decisions of a deletion: its grace period and the garbage collector's finalizers.</summary>
internal static class DeletionPolicy
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>
    /// Seconds a pod still has, as asked for or by its spec; 0 when nothing runs (podStrategy.CheckGracefulDelete). Other kinds
    /// have no grace.
    /// </summary>
    public static long GraceSeconds(KindDefinition kind, JsonObject obj, DeleteQuery query)
    {
        if (!kind.IsPod()
            || obj.TextOrEmpty("spec", "nodeName").Length == 0
            || obj.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        long seconds = query.GracePeriodSeconds ?? obj.Integer("spec", "terminationGracePeriodSeconds") ?? 0;
        return seconds < 0 ? 1 : seconds;
    }

    /// <summary>The finalizers with which the deletion goes on (deletionFinalizersForGarbageCollection).</summary>
    public static IReadOnlyList<string> Finalizers(KindDefinition kind, JsonObject obj, string? propagation)
    {
        string[] finalizers = [.. obj.Texts("metadata", "finalizers")];
        bool orphan = Array.IndexOf(finalizers, OrphanFinalizer) >= 0;
        bool foreground = Array.IndexOf(finalizers, ForegroundFinalizer) >= 0;
        switch (propagation)
        {
            case "Orphan":
                (orphan, foreground) = (true, false);
                break;
            case "Foreground":
                (orphan, foreground) = (false, true);
                break;
            case "Background":
                (orphan, foreground) = (false, false);
                break;
            default:
                orphan |= !foreground && kind.OrphansByDefault();
                break;
        }

        IEnumerable<string> others = finalizers.Where(name => name is not (OrphanFinalizer or ForegroundFinalizer));
        return [.. others, .. orphan ? [OrphanFinalizer] : Array.Empty<string>(), .. foreground ? [ForegroundFinalizer] : Array.Empty<string>()];
    }
}
