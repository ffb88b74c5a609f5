using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Status;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Gives a pod its job. A refusal stays visible on the pod and is tried again after 10 s, doubling to 5 minutes (the pace of
/// kubelet's image pulls), at once when the pod changes.
/// </summary>
internal sealed partial class PodSubmission(
    IWorkloadBackend backend,
    IClusterClient cluster,
    ClusterKinds kinds,
    JobBoard board,
    PodFiles files,
    PodAddresses addresses,
    PodStatusWriter statuses,
    PodEvents events,
    SubmissionGate gate,
    ArrayGatherer arrays,
    JobQuota quota,
    WorkloadsOptions options,
    ILogger<PodSubmission> logger,
    TimeProvider time)
{
    private const string SubmitError = "SlurmSubmitError";
    private static readonly TimeSpan QuotaPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public async ValueTask<TimeSpan?> SubmitAsync(PodEntry entry, ObjectDocument document, PodView pod, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        JobRequest? request = PodToJob.Translate(pod, ToPlacement(entry), options.Site, errors);
        string fingerprint = request?.Script ?? string.Join('\n', errors.Causes);
        DateTimeOffset now = time.GetUtcNow();
        if (now < entry.NextSubmit && fingerprint == entry.RefusedRequest)
        {
            return entry.NextSubmit - now;
        }

        if (request is null)
        {
            string all = string.Join("; ", errors.Causes.Select(cause => $"{cause.Field}: {cause.Message}"));
            return await RefuseAsync(entry, document, fingerprint, all, SubmitError, cancellationToken);
        }

        if (request.Network.Length > 0 && backend.RunsAgents && PodNetworks.Unreachable(options.CurrentEndpoints) is { } unreachable)
        {
            return await RefuseAsync(entry, document, fingerprint, unreachable, "ControlPlaneUnreachable", cancellationToken);
        }

        if (!quota.TryEnter(entry.Uid, out string full))
        {
            return await LimitAsync(entry, document, full, QuotaPause, cancellationToken);
        }

        entry.IsGathered = false;
        try
        {
            return await SubmitNowAsync(entry, document, pod, request, fingerprint, cancellationToken);
        }
        finally
        {
            // One that waits for others of its array keeps its place.
            if (!entry.IsGathered)
            {
                quota.Leave(entry.Uid);
            }
        }
    }

    private async ValueTask<TimeSpan?> SubmitNowAsync(
        PodEntry entry, ObjectDocument document, PodView pod, JobRequest request, string fingerprint, CancellationToken cancellationToken)
    {
        string? group = entry.IsAlone ? null : Slurm.ArrayScript.GroupOf(request, ToPlacement(entry).Comment);
        if (group is null && gate.Enter() is { Ticks: > 0 } wait)
        {
            return await ComeBackAsync(entry, document, wait, cancellationToken);
        }

        try
        {
            byte[]? foreseen = backend.RunsAgents ? AssignmentBuilder.Foresee(document, options) : null;
            files.Prepare(entry.Uid, pod.Spec.NodeName, allowHostRuntime: backend.Name == "local", foreseen, backend.RunsAgents ? PodNetworks.ForAgent(request.Network, options.Site) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync(
                entry, document, fingerprint, $"the pod's directory cannot be made: {exception.Message}", "SharedDirectoryFailed", cancellationToken);
        }

        SubmitOutcome? outcome = null;
        if (group is not null)
        {
            (outcome, TimeSpan moment) = await arrays.SubmitAsync(request, group, cancellationToken);
            entry.IsGathered = moment > TimeSpan.Zero;
            if (entry.IsGathered)
            {
                return await ComeBackAsync(entry, document, moment, cancellationToken);
            }

            entry.IsAlone = outcome is null;
            if (entry.IsAlone && gate.Enter() is { Ticks: > 0 } turn)
            {
                return await ComeBackAsync(entry, document, turn, cancellationToken);
            }
        }

        outcome ??= await backend.SubmitAsync(request, cancellationToken);
        board.Hurry();
        switch (outcome)
        {
            case SubmitOutcome.Submitted submitted:
                gate.Open();
                await RecordAsync(entry, document, pod, submitted, request.Partition, cancellationToken);
                return TimeSpan.FromSeconds(1);
            case SubmitOutcome.Limited limited:
                return await LimitAsync(entry, document, limited.Message, gate.Close(limited.Message), cancellationToken);
            case SubmitOutcome.Rejected rejected:
                return await RefuseAsync(entry, document, fingerprint, rejected.Message, SubmitError, cancellationToken);
            default:
                return await WaitAsync(entry, document, ((SubmitOutcome.Unavailable)outcome).Message, cancellationToken);
        }
    }

    /// <summary>It is not the pod's turn. Only a closed gate is worth telling.</summary>
    private async ValueTask<TimeSpan?> ComeBackAsync(PodEntry entry, ObjectDocument document, TimeSpan wait, CancellationToken cancellationToken) =>
        gate.Closed is { Length: > 0 } why ? await LimitAsync(entry, document, why, wait, cancellationToken) : wait;

    /// <summary>Takes a job that was found for the pod, though nobody wrote it down on it.</summary>
    public ValueTask AdoptAsync(PodEntry entry, ObjectDocument document, PodView pod, string jobId, CancellationToken cancellationToken) =>
        RecordAsync(entry, document, pod, new SubmitOutcome.Submitted(jobId, WasThere: true), entry.Partition, cancellationToken);

    private JobPlacement ToPlacement(PodEntry entry) => new()
    {
        Partition = entry.Partition,
        Directory = files.DirectoryOf(entry.Uid),
        Comment = $"miniplane:{options.ClusterId}:{entry.Uid}",
        AgentCommand = options.AgentCommand,
    };

    private async ValueTask RecordAsync(
        PodEntry entry, ObjectDocument document, PodView pod, SubmitOutcome.Submitted submitted, string partition, CancellationToken cancellationToken)
    {
        entry.JobId = submitted.JobId;
        entry.SubmittedAt = time.GetUtcNow();
        entry.FailedSubmits = 0;
        entry.RefusedRequest = "";
        string network = files.ReadNetwork(entry.Uid);
        string address = network.Length > 0 ? "" : (await addresses.GetAsync(cancellationToken)).Allocate(entry.Uid, pod.Spec.HostNetwork);
        var annotations = new JsonObject { [WorkloadAnnotations.JobId] = submitted.JobId };
        if (network.Length > 0)
        {
            annotations[WorkloadAnnotations.PodNetwork] = network;
        }

        if (address.Length > 0)
        {
            annotations[WorkloadAnnotations.PodAddress] = address;
        }

        LogSubmitted(logger, document.Key.ToString(), submitted.JobId, submitted.WasThere);
        try
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = entry.Uid, ["annotations"] = annotations } };
            await cluster.PatchAsync(kinds.Pods, entry.Key, PatchType.Merge, patch, null, cancellationToken);
        }
        catch (ApiException exception) when (exception.Reason is "NotFound" or "Conflict")
        {
            // The pod is gone; its job is cancelled when that is dealt with.
            return;
        }

        string verb = submitted.WasThere ? "Found" : "Submitted";
        string where = partition.Length > 0 ? $" in partition {partition}" : "";
        await events.NormalAsync(document, "Submitted", $"{verb} {backend.Name} job {submitted.JobId}{where}", cancellationToken);
    }

    private async ValueTask<TimeSpan?> RefuseAsync(
        PodEntry entry, ObjectDocument document, string fingerprint, string message, string reason, CancellationToken cancellationToken)
    {
        if (fingerprint != entry.RefusedRequest)
        {
            entry.FailedSubmits = 0;
        }

        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, entry.FailedSubmits)));
        entry.FailedSubmits++;
        entry.RefusedRequest = fingerprint;
        entry.NextSubmit = time.GetUtcNow() + pause;
        LogRefused(logger, document.Key.ToString(), message);
        await ShowWaitingAsync(entry, reason, message, cancellationToken);
        await events.WarningAsync(document, "FailedSubmit", message, cancellationToken);
        return pause;
    }

    private async ValueTask<TimeSpan?> WaitAsync(PodEntry entry, ObjectDocument document, string message, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(60, 2 << Math.Min(entry.FailedSubmits, 5)));
        entry.FailedSubmits++;
        await ShowWaitingAsync(entry, "SlurmUnavailable", $"{backend.Name} does not answer: {message}", cancellationToken);
        if (entry.FailedSubmits == 3)
        {
            await events.WarningAsync(document, "SlurmUnavailable", $"{backend.Name} does not answer: {message}", cancellationToken);
        }

        return pause;
    }

    /// <summary>The pod waits until the account has room for another job; told once.</summary>
    private async ValueTask<TimeSpan?> LimitAsync(
        PodEntry entry, ObjectDocument document, string message, TimeSpan pause, CancellationToken cancellationToken)
    {
        await ShowWaitingAsync(entry, "SlurmSubmitLimit", message, cancellationToken);
        if (!entry.IsLimitTold)
        {
            entry.IsLimitTold = true;
            await events.WarningAsync(document, "SubmitLimitReached", $"The job waits to be submitted: {message}", cancellationToken);
        }

        return pause;
    }

    private async ValueTask ShowWaitingAsync(PodEntry entry, string reason, string message, CancellationToken cancellationToken)
    {
        var verdict = new JobVerdict { Phase = "Pending", WaitingReason = reason, Message = message };
        await statuses.WriteAsync(
            entry.Key, entry.Uid, json => JobStatusMerge.Apply(json, verdict, null, time.GetUtcNow()), cancellationToken);
    }

    [LoggerMessage(5040, LogLevel.Information, "Pod {Pod} has job {JobId} (already there: {WasThere})")]
    private static partial void LogSubmitted(ILogger logger, string pod, string jobId, bool wasThere);

    [LoggerMessage(5041, LogLevel.Warning, "The job of pod {Pod} was refused: {Message}")]
    private static partial void LogRefused(ILogger logger, string pod, string message);
}
