using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Logs;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Agents;

/// <summary>
/// Streams into pods over their agents' connections. Logs outlive the agent: without one they are read from the pod's
/// directory, where they are until the pod is deleted.
/// </summary>
internal sealed class PodConnections(AgentHub hub, PodFiles files, PodLedger ledger, TimeProvider time) : IPodConnections
{
    private const byte Stdout = 1;
    private static readonly string[] StatusLists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(
        ObjectDocument pod, PodLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JsonObject json = pod.ToJson();
        int run = RunOf(json, pod, query);

        // The agent of a pod that is over is on its way out, and everything is in the files.
        bool isOver = json.Text("status", "phase") is "Succeeded" or "Failed";
        if (isOver || hub.Find(pod.Metadata.Uid) is not { } session)
        {
            // A pod that runs on without its agent's connection is followed by its files.
            Func<bool>? until = query.Follow && !isOver ? () => HasEnded(pod.Metadata.Uid, query.Container, run) : null;
            await foreach (ReadOnlyMemory<byte> chunk in ReadFilesAsync(pod, query, run, until, cancellationToken))
            {
                yield return chunk;
            }

            yield break;
        }

        // From here on the time is the same for every reader of this request.
        query = query.SinceSeconds is { } seconds
            ? query with { SinceSeconds = null, SinceTime = time.GetUtcNow() - TimeSpan.FromSeconds(seconds) }
            : query;
        await using AgentStream stream = await session.OpenAsync(new OpenStream { Log = ToRequest(query) }, cancellationToken);
        await using IAsyncEnumerator<(byte Channel, ReadOnlyMemory<byte> Data)> said =
            stream.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        long sent = 0;
        bool? more;
        while ((more = await NextAsync(said)) == true)
        {
            if (said.Current.Channel == Stdout)
            {
                sent += said.Current.Data.Length;
                yield return said.Current.Data;
            }
        }

        // The agent of a pod that ends may leave before its stream has, and a connection may be cut: what it had yet to say is, or
        // will be, in the files. Not a byte is lost or comes twice.
        if (more is null)
        {
            Func<bool>? hasEnded = query.Follow ? () => HasEnded(pod.Metadata.Uid, query.Container, run) : null;
            await foreach (ReadOnlyMemory<byte> rest in ReadRestAsync(pod, query, run, stream.Position, sent, hasEnded, cancellationToken))
            {
                yield return rest;
            }
        }
    }

    /// <summary>What comes after what an agent had sent before it was lost.</summary>
    private IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRestAsync(
        ObjectDocument pod,
        PodLogQuery query,
        int run,
        LogPosition? position,
        long sent,
        Func<bool>? hasEnded,
        CancellationToken cancellationToken)
    {
        if (position is not null)
        {
            LogSelection rest = Select(query) with
            {
                From = new LogPlace(position.File, position.Offset, position.InsideLine),
                LimitBytes = query.LimitBytes - sent,
            };
            return LogReader.ReadAsync(files.DirectoryOf(pod.Metadata.Uid), query.Container, run, rest, hasEnded, time, cancellationToken);
        }

        // An agent that does not say where it is: what it sent is counted from the beginning, which a tail does not have.
        return sent == 0 || query.TailLines is null
            ? SkipAsync(ReadFilesAsync(pod, query, run, hasEnded, cancellationToken), sent)
            : AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();
    }

    /// <summary>Whether this run of the container is over, as far as is known here.</summary>
    private bool HasEnded(string podUid, string container, int run)
    {
        if (ledger.Find(podUid) is not { IsGone: false } entry)
        {
            return true;
        }

        JsonObject pod = entry.Document.ToJson();
        JsonObject? status = StatusLists.SelectMany(list => pod.Objects("status", list)).FirstOrDefault(other => other.Text("name") == container);
        return pod.Text("status", "phase") is "Succeeded" or "Failed"
            || status is null
            || (status.Integer("restartCount") ?? 0) > run
            || status.Has("state", "terminated");
    }

    /// <summary>Whether there is another piece; null when the connection to the agent was lost.</summary>
    private static async ValueTask<bool?> NextAsync(IAsyncEnumerator<(byte Channel, ReadOnlyMemory<byte> Data)> said)
    {
        try
        {
            return await said.MoveNextAsync();
        }
        catch (ApiException exception) when (exception.Reason == "ServiceUnavailable")
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> SkipAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, long bytes)
    {
        await foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            int skipped = (int)Math.Min(bytes, piece.Length);
            bytes -= skipped;
            if (skipped < piece.Length)
            {
                yield return piece[skipped..];
            }
        }
    }

    public async ValueTask<IPodStream> OpenAsync(ObjectDocument pod, PodStreamRequest request, CancellationToken cancellationToken)
    {
        AgentSession session = hub.Find(pod.Metadata.Uid)
            ?? throw ApiErrors.ServiceUnavailable($"pod {pod.Key} has no agent that is connected now");
        OpenStream open = request.Verb switch
        {
            "exec" => new OpenStream { Exec = ToExec(request) },
            "attach" => new OpenStream
            {
                Attach = new AttachRequest
                {
                    Container = request.Container,
                    Stdin = request.Stdin,
                    Stdout = request.Stdout,
                    Stderr = request.Stderr,
                    Tty = request.Tty,
                },
            },
            "portforward" => new OpenStream { PortForward = new PortForwardRequest { Port = request.Port } },
            _ => throw ApiErrors.BadRequest($"unknown stream {request.Verb}"),
        };
        return await session.OpenAsync(open, cancellationToken);
    }

    private IAsyncEnumerable<ReadOnlyMemory<byte>> ReadFilesAsync(
        ObjectDocument pod, PodLogQuery query, int run, Func<bool>? hasEnded, CancellationToken cancellationToken)
    {
        // Without an agent nothing more is written, so that following it would wait for nothing, unless it is only cut off.
        return LogReader.ReadAsync(files.DirectoryOf(pod.Metadata.Uid), query.Container, run, Select(query), hasEnded, time, cancellationToken);
    }

    private LogSelection Select(PodLogQuery query) => new()
    {
        Timestamps = query.Timestamps,
        Since = query.SinceSeconds is { } seconds ? time.GetUtcNow() - TimeSpan.FromSeconds(seconds) : query.SinceTime,
        TailLines = query.TailLines,
        LimitBytes = query.LimitBytes,
    };

    /// <summary>Which of the container's runs is meant. A container that has not run has no log (kubelet: validateContainerLogStatus).</summary>
    private static int RunOf(JsonObject json, ObjectDocument pod, PodLogQuery query)
    {
        JsonObject? status = StatusLists
            .SelectMany(list => json.Objects("status", list))
            .FirstOrDefault(container => container.Text("name") == query.Container);
        string who = $"container \"{query.Container}\" in pod \"{pod.Metadata.Name}\"";
        if (status is null)
        {
            throw ApiErrors.BadRequest($"{who} is not available");
        }

        int restarts = (int)(status.Integer("restartCount") ?? 0);
        if (query.Previous)
        {
            return status.Has("lastState", "terminated")
                ? Math.Max(0, restarts - 1)
                : throw ApiErrors.BadRequest($"previous terminated {who} not found");
        }

        if (status.Has("state", "running") || status.Has("state", "terminated"))
        {
            return restarts;
        }

        string reason = status.Text("state", "waiting", "reason") ?? "ContainerCreating";
        return status.Has("lastState", "terminated")
            ? Math.Max(0, restarts - (reason == "CrashLoopBackOff" ? 0 : 1))
            : throw ApiErrors.BadRequest($"{who} is waiting to start: {reason}");
    }

    private static LogRequest ToRequest(PodLogQuery query)
    {
        var request = new LogRequest
        {
            Container = query.Container,
            Follow = query.Follow,
            Previous = query.Previous,
            Timestamps = query.Timestamps,
        };
        if (query.SinceSeconds is { } seconds)
        {
            request.SinceSeconds = seconds;
        }

        if (query.SinceTime is { } since)
        {
            request.SinceUnixNanos = since.ToUnixTimeMilliseconds() * 1_000_000;
        }

        if (query.TailLines is { } tail)
        {
            request.TailLines = tail;
        }

        if (query.LimitBytes is { } limit)
        {
            request.LimitBytes = limit;
        }

        return request;
    }

    private static ExecRequest ToExec(PodStreamRequest request)
    {
        var exec = new ExecRequest
        {
            Container = request.Container,
            Stdin = request.Stdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Tty = request.Tty,
        };
        exec.Command.AddRange(request.Command);
        return exec;
    }
}
