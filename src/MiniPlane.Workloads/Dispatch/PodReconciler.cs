using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Brings one pod closer to where it should be: submitted, followed, ended, forgotten. Each call does what can be done now
/// and says when to come again (null: when something changes).
/// </summary>
internal sealed class PodReconciler(
    PodSubmission submission, PodFollowing following, PodEnding ending, PodAddresses addresses)
{
    public async ValueTask<TimeSpan?> ReconcileAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        ObjectDocument document = entry.Document;
        PodView pod = document.As(WorkloadsJson.Default.PodView);
        entry.JobId ??= document.Metadata.Annotations.GetValueOrDefault(WorkloadAnnotations.JobId);
        if (entry.IsGone)
        {
            return await ending.ForgetAsync(entry, cancellationToken);
        }

        await KeepAddressAsync(entry, document, cancellationToken);
        if (document.Metadata.IsBeingDeleted)
        {
            return await ending.EndAsync(entry, pod, cancellationToken);
        }

        if (pod.IsFinished)
        {
            return entry.JobId is null ? null : await ending.WindUpAsync(entry, cancellationToken);
        }

        if (following.ChooseJob(entry) is { } found && found != entry.JobId)
        {
            await submission.AdoptAsync(entry, document, pod, found, cancellationToken);
        }

        await following.CancelOthersAsync(entry, cancellationToken);

        return entry.JobId is null
            ? await submission.SubmitAsync(entry, document, pod, cancellationToken)
            : await following.FollowAsync(entry, document, cancellationToken);
    }

    private async ValueTask KeepAddressAsync(PodEntry entry, ObjectDocument document, CancellationToken cancellationToken)
    {
        if (document.Metadata.Annotations.TryGetValue(WorkloadAnnotations.PodAddress, out string? address))
        {
            (await addresses.GetAsync(cancellationToken)).Reserve(entry.Uid, address);
        }
    }
}
