using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>Deletes finished Jobs, and with them their pods, <c>ttlSecondsAfterFinished</c> after their end.</summary>
internal sealed class FinishedJobController(ClusterContext cluster) : IController
{
    public string Name => "ttl-after-finished-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Job, static change => change.After is { } job && job.AsJob() is { IsFinished: true, Spec.TtlSecondsAfterFinished: not null } ? [job.Key] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // Read live: a ttl that was just raised must not be overlooked.
        ObjectDocument? document = await cluster.Client.FindAsync(cluster.Kinds.Job, key, cancellationToken);
        if (document is not { Metadata.IsBeingDeleted: false }
            || document.AsJob() is not { IsFinished: true, Spec.TtlSecondsAfterFinished: { } seconds } job)
        {
            return ReconcileResult.Done;
        }

        DateTimeOffset ended = job.Status.Conditions
            .Where(condition => condition is { Type: "Complete" or "Failed", IsTrue: true })
            .Select(condition => condition.LastTransitionTime)
            .Max() ?? cluster.Now;
        TimeSpan left = ended + TimeSpan.FromSeconds(seconds) - cluster.Now;
        if (left > TimeSpan.Zero)
        {
            return ReconcileResult.After(left);
        }

        var query = new DeleteQuery { PropagationPolicy = "Foreground", Revision = document.Revision };
        await cluster.Writer.DeleteAsync(cluster.Kinds.Job, document, query, cancellationToken);
        return ReconcileResult.Done;
    }
}
