using MiniPlane.Agent.Streams;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>What the agent does with what the control plane says. Called in order, one at a time.</summary>
internal interface IControlHandler
{
    /// <summary>First on every connection. Later ones bring the objects of the pod up to date.</summary>
    ValueTask AssignAsync(PodAssignment assignment, CancellationToken cancellationToken);

    ValueTask ChangeAsync(NamedObject change, CancellationToken cancellationToken);

    ValueTask RenewAsync(ServiceAccountToken token, CancellationToken cancellationToken);

    void SetHosts(ReadOnlyMemory<byte> hostsFile);

    void Stop(StopPod stop);

    /// <summary>The control plane does not know this pod (any more).</summary>
    void Disown(string reason);

    /// <summary>A later life of the job has the pod: its node was given up for lost.</summary>
    void Supersede(string reason);

    /// <summary>Serves a stream until it ends; errors are <see cref="StreamException"/>.</summary>
    Task ServeAsync(OpenStream request, PodStream stream, CancellationToken cancellationToken);
}
