using System.Globalization;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>Annotations through which a Deployment, its ReplicaSets and kubectl rollout talk to each other.</summary>
internal static class DeploymentAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";
    private const string Rollback = "deprecated.deployment.rollback.to";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Whether an annotation of the Deployment is copied to its ReplicaSets.</summary>
    public static bool IsCopied(string name) =>
        name is not (Revision or RevisionHistory or DesiredReplicas or MaxReplicas or Rollback or LastApplied);

    /// <summary>The revision of a ReplicaSet; 0 when it has none.</summary>
    public static long RevisionOf(ObjectDocument document) =>
        document.Metadata.Annotations.TryGetValue(Revision, out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision)
            ? revision
            : 0;

    public static int? NumberOf(ObjectDocument document, string name) =>
        document.Metadata.Annotations.TryGetValue(name, out string? text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
