using System.Collections.Concurrent;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Workloads.Agents;

/// <summary>The agents that are connected now, one per pod, and those that have said that their pod is over.</summary>
internal sealed class AgentHub
{
    private readonly ConcurrentDictionary<string, AgentSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, uint> _lives = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _finished = new(StringComparer.Ordinal);

    public ICollection<AgentSession> Sessions => _sessions.Values;

    public AgentSession? Find(string podUid) => _sessions.GetValueOrDefault(podUid);

    public bool IsConnected(string podUid) => _sessions.ContainsKey(podUid);

    /// <summary>Whether the pod's agent has reported everything and left.</summary>
    public bool HasFinished(string podUid) => _finished.ContainsKey(podUid);

    /// <summary>Tells the agent to end its pod; false when none is connected.</summary>
    public bool TryStop(string podUid, long graceSeconds, string reason) =>
        Find(podUid)?.TrySend(new ControlMessage { Stop = new StopPod { GracePeriodSeconds = graceSeconds, Reason = reason } }) == true;

    /// <summary>
    /// A new connection; an older one of the same pod is ended. False for one of an earlier life of the pod's job, which has nothing to
    /// say any more: Slurm gave its node up, and started the job elsewhere.
    /// </summary>
    public bool TryAdd(AgentSession session)
    {
        uint life = session.Hello.JobRestarts;
        if (_lives.AddOrUpdate(session.PodUid, life, (_, newest) => Math.Max(life, newest)) > life)
        {
            return false;
        }

        AgentSession? old = null;
        _sessions.AddOrUpdate(
            session.PodUid,
            session,
            (_, before) =>
            {
                old = before;
                return session;
            });
        old?.End();
        _finished.TryRemove(session.PodUid, out _);
        return true;
    }

    /// <summary>Slurm says which life of the pod's job this is; agents of earlier ones are not heard.</summary>
    public void SetLife(string podUid, int restarts)
    {
        if (restarts > 0)
        {
            _lives.AddOrUpdate(podUid, (uint)restarts, (_, newest) => Math.Max((uint)restarts, newest));
        }
    }

    public void Remove(AgentSession session) => _sessions.TryRemove(KeyValuePair.Create(session.PodUid, session));

    public void SetFinished(string podUid) => _finished[podUid] = 0;

    /// <summary>Forgets a pod that is gone.</summary>
    public void Drop(string podUid)
    {
        _finished.TryRemove(podUid, out _);
        _lives.TryRemove(podUid, out _);
        if (_sessions.TryRemove(podUid, out AgentSession? session))
        {
            session.End();
        }
    }
}
