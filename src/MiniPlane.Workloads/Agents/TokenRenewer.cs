using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Loops;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>Gives agents new ServiceAccount tokens before the old ones expire, as a kubelet rotates projected tokens.</summary>
internal sealed class TokenRenewer(
    IClusterClient cluster, ClusterKinds kinds, AgentHub hub, AssignmentBuilder assignments, ILogger<TokenRenewer> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (AgentSession session in hub.Sessions.Where(session => session.RenewTokensAt <= Time.GetUtcNow()))
            {
                await RenewAsync(session, cancellationToken);
            }

            await Task.Delay(Step, Time, cancellationToken);
        }
    }

    private async Task RenewAsync(AgentSession session, CancellationToken cancellationToken)
    {
        // Whatever goes wrong below is tried again, while the old tokens still hold.
        session.RenewTokensAt = Time.GetUtcNow() + Retry;
        if (await cluster.FindAsync(kinds.Pods, session.Pod, cancellationToken) is not { } document || document.Metadata.Uid != session.PodUid)
        {
            return;
        }

        PodSpecView pod = document.As(WorkloadsJson.Default.PodView).Spec;
        IReadOnlyList<ServiceAccountToken> tokens = await assignments.RequestTokensAsync(document, pod, cancellationToken);
        foreach (ServiceAccountToken token in tokens)
        {
            session.TrySend(new ControlMessage { Token = token });
        }

        if (tokens.Count > 0)
        {
            session.RenewTokensAt = Time.GetUtcNow() + PodTokens.LifeOf(tokens);
        }
    }
}
