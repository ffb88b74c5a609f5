using Google.Protobuf;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Workloads.Agents;

/// <summary>Sends each agent its namespace's hosts file when it has changed, at most a few times a second.</summary>
internal sealed class HostsPusher(ServiceBook book, AgentHub hub, ILogger<HostsPusher> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        long seen = -1;
        while (true)
        {
            long version = book.Version;
            if (version != seen)
            {
                PushAll();
                seen = version;
            }

            await Task.Delay(Step, Time, cancellationToken);
        }
    }

    private void PushAll()
    {
        foreach (IGrouping<string, AgentSession> sessions in hub.Sessions.GroupBy(session => session.Pod.Namespace, StringComparer.Ordinal))
        {
            ReadOnlyMemory<byte> hosts = book.RenderHosts(sessions.Key);
            foreach (AgentSession session in sessions.Where(session => !session.LastHosts.Span.SequenceEqual(hosts.Span)))
            {
                if (session.TrySend(new ControlMessage { Hosts = new HostsUpdate { HostsFile = ByteString.CopyFrom(hosts.Span) } }))
                {
                    session.LastHosts = hosts;
                }
            }
        }
    }
}
