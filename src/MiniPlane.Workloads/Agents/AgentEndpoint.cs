using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Status;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>
/// The server's side of the agent channel: knows an agent by its pod's token, gives it its pod, and takes what it reports.
/// </summary>
internal sealed partial class AgentEndpoint(
    AgentHub hub,
    PodFiles files,
    IClusterClient cluster,
    ClusterKinds kinds,
    PodLedger ledger,
    DelayedQueue queue,
    AssignmentBuilder assignments,
    PodStatusWriter statuses,
    PodEvents events,
    UsageBook usage,
    ILogger<AgentEndpoint> logger,
    TimeProvider time)
{
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(30);

    public async Task ServeAsync(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        const string Scheme = "Bearer ";
        string? uid = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? files.Authenticate(header[Scheme.Length..].Trim()) : null;
        if (uid is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await GrpcServer.DuplexAsync(
            context,
            AgentMessage.Parser,
            GrpcLimits.Default,
            (GrpcDuplex<AgentMessage, ControlMessage> duplex, CancellationToken token) => TalkAsync(uid, duplex, token),
            context.RequestAborted);
    }

    private async Task TalkAsync(string uid, GrpcDuplex<AgentMessage, ControlMessage> duplex, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<AgentMessage> messages = duplex.ReadAllAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        Hello hello = await ReadHelloAsync(uid, messages, ending.Token);
        ObjectDocument document = await FindPodAsync(uid, cancellationToken);
        var references = PodReferences.Of(document.Metadata.Name, document.As(WorkloadsJson.Default.PodView).Spec);
        var session = new AgentSession(uid, document.Key, hello, references, duplex, ending, time);
        if (!hub.TryAdd(session))
        {
            LogSuperseded(logger, document.Key.ToString(), hello.HostName);
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, "a later life of the job has the pod");
        }

        queue.Add(uid);
        LogConnected(logger, document.Key.ToString(), hello.HostName, hello.JobId);
        try
        {
            await AssignAsync(session, document, ending.Token);
            while (await messages.MoveNextAsync())
            {
                if (session.Hear() >= Silence.UnreadyAfter)
                {
                    queue.Add(uid);
                }

                await TakeAsync(session, messages.Current, ending.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Aborted, "another connection of this pod took over, or this one cannot keep up");
        }
        finally
        {
            hub.Remove(session);
            session.EndStreams();
            usage.Drop(session.PodUid);
            queue.Add(uid);
            LogLeft(logger, document.Key.ToString());
        }
    }

    private async Task<Hello> ReadHelloAsync(string uid, IAsyncEnumerator<AgentMessage> messages, CancellationToken cancellationToken)
    {
        bool hasFirst = await messages.MoveNextAsync().AsTask().WaitAsync(HelloPatience, time, cancellationToken);
        if (!hasFirst || messages.Current.Hello is not { } hello)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "the first message must be Hello");
        }

        return hello.PodUid == uid ? hello : throw new GrpcException(GrpcStatusCode.PermissionDenied, "the token is another pod's");
    }

    private async ValueTask<ObjectDocument> FindPodAsync(string uid, CancellationToken cancellationToken)
    {
        PodEntry? known = ledger.Find(uid);

        // Pods are taken up once their nodes are known, which is later than the list of all pods. "Gone" ends the containers of the
        // pod, so it is said only of one that is not there at all.
        if (!ledger.IsComplete || (known is null && ledger.Exists(uid)))
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane is starting");
        }

        ObjectDocument? document = known is { } entry
            ? await cluster.FindAsync(kinds.Pods, entry.Key, cancellationToken)
            : null;
        return document is not null && document.Metadata.Uid == uid
            ? document
            : throw new GrpcException(GrpcStatusCode.NotFound, "the pod is gone");
    }

    private async Task AssignAsync(AgentSession session, ObjectDocument document, CancellationToken cancellationToken)
    {
        PodAssignment assignment = await assignments.BuildAsync(document, cancellationToken);
        session.LastHosts = assignment.HostsFile.Memory;
        session.LastPod = PodPusher.Version(document);
        if (PodReferences.TokensOf(document.As(WorkloadsJson.Default.PodView).Spec).Any())
        {
            // One that could not be had now is asked for at the renewer's next look.
            session.RenewTokensAt = time.GetUtcNow() + (assignment.Tokens.Count > 0 ? PodTokens.LifeOf(assignment.Tokens) : TimeSpan.Zero);
        }

        await session.SendAsync(new ControlMessage { Pod = assignment }, cancellationToken);
        if (document.Metadata.IsBeingDeleted)
        {
            long grace = document.Metadata.DeletionGracePeriodSeconds ?? 30;
            hub.TryStop(session.PodUid, grace, "the pod is being deleted");
        }
        else if (document.As(WorkloadsJson.Default.PodView).IsFinished)
        {
            // Nothing for an agent that is at its end; one whose job or node was given up for lost has containers that still run.
            hub.TryStop(session.PodUid, TimeLimits.GraceSeconds(document.ToJson()), "the pod is over");
        }
    }

    private async ValueTask TakeAsync(AgentSession session, AgentMessage message, CancellationToken cancellationToken)
    {
        switch (message.BodyCase)
        {
            case AgentMessage.BodyOneofCase.Status:
                await TakeStatusAsync(session, message.Status, cancellationToken);
                break;
            case AgentMessage.BodyOneofCase.Event:
                await TakeEventAsync(session, message.Event, cancellationToken);
                break;
            case AgentMessage.BodyOneofCase.Usage:
                usage.Take(session.PodUid, message.Usage);
                break;
            case AgentMessage.BodyOneofCase.StreamData:
                await session.TakeAsync(message.StreamData, cancellationToken);
                break;
            case AgentMessage.BodyOneofCase.StreamWindow:
                session.Take(message.StreamWindow);
                break;
            case AgentMessage.BodyOneofCase.StreamClosed:
                session.Take(message.StreamClosed);
                break;
            case AgentMessage.BodyOneofCase.Bye:
                LogBye(logger, session.Pod.ToString(), message.Bye.Reason);
                hub.SetFinished(session.PodUid);
                queue.Add(session.PodUid);
                break;
        }
    }

    /// <summary>Reports come in order within a connection, and the agent sends its newest first after a reconnect.</summary>
    private async ValueTask TakeStatusAsync(AgentSession session, StatusReport report, CancellationToken cancellationToken)
    {
        if (Parse(report.StatusJson) is not { } status)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "the status is not a JSON object");
        }

        ObjectDocument? written = await statuses.WriteAsync(
            session.Pod, session.PodUid, pod => AgentStatusMerge.Apply(pod, status, time.GetUtcNow()), cancellationToken);
        if (written is null)
        {
            hub.TryStop(session.PodUid, 0, "the pod is gone");
        }

        await session.SendAsync(new ControlMessage { StatusAck = new StatusAck { Sequence = report.Sequence } }, cancellationToken);
    }

    private async ValueTask TakeEventAsync(AgentSession session, EventReport report, CancellationToken cancellationToken)
    {
        if (await cluster.FindAsync(kinds.Pods, session.Pod, cancellationToken) is { } pod && pod.Metadata.Uid == session.PodUid)
        {
            var what = new PodEvent(report.Type == "Warning" ? "Warning" : "Normal", report.Reason, report.Message)
            {
                FieldPath = report.FieldPath,
                Component = "miniplane-agent",
            };
            await events.WriteAsync(pod, what, cancellationToken);
        }
    }

    private static JsonObject? Parse(ByteString json)
    {
        try
        {
            return JsonNode.Parse(json.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(5060, LogLevel.Information, "The agent of pod {Pod} is connected from {Host} (job {JobId})")]
    private static partial void LogConnected(ILogger logger, string pod, string host, string jobId);

    [LoggerMessage(5061, LogLevel.Information, "The connection to the agent of pod {Pod} is over")]
    private static partial void LogLeft(ILogger logger, string pod);

    [LoggerMessage(5062, LogLevel.Information, "The agent of pod {Pod} has finished: {Reason}")]
    private static partial void LogBye(ILogger logger, string pod, string reason);

    [LoggerMessage(5063, LogLevel.Warning, "The agent of pod {Pod} on {Host} is of an earlier life of its job, and is told to end")]
    private static partial void LogSuperseded(ILogger logger, string pod, string host);
}
