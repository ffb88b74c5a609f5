namespace MiniPlane.Agent.Pods;

/// <summary>The states of all containers in one place; every change is reported.</summary>
internal sealed class PodBoard
{
    private readonly PodContext _context;
    private readonly IPodReporter _reporter;
    private readonly DateTimeOffset _startTime;
    private readonly PodStop? _stop;

    // kubelet's words (convertToAPIContainerStatuses, RestartAllContainersOnContainerExits).
    private const string Restarting = "RestartingAllContainers";
    private const string RestartingText = "The container is removed because RestartAllContainers in place";

    // Guards _containers, _isRestarting, _isOver, _failure and the order of reports. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly List<ContainerStatus> _containers;
    private bool _isRestarting;
    private bool _isOver;
    private (string Reason, string Message)? _failure;

    /// <param name="context">The pod.</param>
    /// <param name="reporter">Hears of each change.</param>
    /// <param name="containers">All containers, as they are at first.</param>
    /// <param name="startTime">When the pod began.</param>
    /// <param name="stop">The order to end: how containers end on it is not yet how the pod does.</param>
    public PodBoard(PodContext context, IPodReporter reporter, IReadOnlyList<ContainerStatus> containers, DateTimeOffset startTime, PodStop? stop = null)
    {
        _stop = stop;
        _context = context;
        _reporter = reporter;
        _containers = [.. containers];
        _startTime = startTime;
        Publish();
    }

    public ContainerStatus Get(string name)
    {
        lock (_gate)
        {
            return _containers.Find(container => container.Name == name) ?? throw new KeyNotFoundException(name);
        }
    }

    public bool Has(string name)
    {
        lock (_gate)
        {
            return _containers.Exists(container => container.Name == name);
        }
    }

    /// <summary>The name of the only container, or null.</summary>
    public string? Default
    {
        get
        {
            lock (_gate)
            {
                return _containers.Find(container => container.Kind == ContainerKind.Main)?.Name;
            }
        }
    }

    public void Update(string name, Func<ContainerStatus, ContainerStatus> change) => Update(name, restartsAll: false, change);

    /// <summary>As above; <paramref name="restartsAll"/> says that every container is to end now and to begin anew.</summary>
    public void Update(string name, bool restartsAll, Func<ContainerStatus, ContainerStatus> change)
    {
        lock (_gate)
        {
            int index = _containers.FindIndex(container => container.Name == name);
            ContainerStatus changed = change(_containers[index]);
            if (changed != _containers[index] || (restartsAll && !_isRestarting))
            {
                _isRestarting |= restartsAll;
                _containers[index] = changed;
                Publish();
            }
        }
    }

    /// <summary>A container that joins the running pod.</summary>
    public void Add(ContainerStatus container)
    {
        lock (_gate)
        {
            _containers.Add(container);
            Publish();
        }
    }

    /// <summary>
    /// Nothing of the pod runs while all is to begin anew: every container that has run counts a restart and has ended as kubelet says of
    /// those it removes for that. Ephemeral containers go on.
    /// </summary>
    /// <param name="lastRun">The newest run of a container in this round, or null.</param>
    /// <param name="now">The end of a container that was never seen to end.</param>
    public void Clear(Func<string, int?> lastRun, DateTimeOffset now)
    {
        lock (_gate)
        {
            for (int i = 0; i < _containers.Count; i++)
            {
                ContainerStatus before = _containers[i];
                if (before.Kind == ContainerKind.Ephemeral)
                {
                    continue;
                }

                int? run = lastRun(before.Name);
                _containers[i] = before with
                {
                    State = new ContainerState.Waiting(Restarting, RestartingText),
                    LastState = run is null ? before.LastState : Removed(before.State as ContainerState.Terminated ?? before.LastState, now),
                    RestartCount = run + 1 ?? before.RestartCount,
                    Ready = false,
                    Started = false,
                    RunsAgain = null,
                };
            }

            Publish();
        }
    }

    /// <summary>The containers wait for their turn as they did when the pod was new.</summary>
    public void BeginAnew()
    {
        lock (_gate)
        {
            _isRestarting = false;
            string reason = PodRunner.FirstReason(_context.Pod.Spec);
            for (int i = 0; i < _containers.Count; i++)
            {
                if (_containers[i] is { Kind: not ContainerKind.Ephemeral, State: ContainerState.Waiting { Reason: Restarting } })
                {
                    _containers[i] = _containers[i] with { State = new ContainerState.Waiting(reason) };
                }
            }

            Publish();
        }
    }

    /// <summary>The pod is to be told as failed for this reason, however its containers end (kubelet's evictions).</summary>
    public void Fail(string reason, string message)
    {
        lock (_gate)
        {
            _failure ??= (reason, message);
        }
    }

    /// <summary>
    /// Nothing runs any more: containers that never ran will not, and the phase becomes final; unless the job was taken away from a
    /// pod that may run again.
    /// </summary>
    public void End(bool isInterrupted)
    {
        lock (_gate)
        {
            _isOver = !isInterrupted || _failure is not null;
            Publish();
        }
    }

    private static ContainerState.Terminated Removed(ContainerState.Terminated? ended, DateTimeOffset now) => new()
    {
        ExitCode = 137,
        Reason = Restarting,
        Message = RestartingText,
        StartedAt = ended?.StartedAt ?? now,
        FinishedAt = ended?.FinishedAt ?? now,
        ContainerId = ended?.ContainerId ?? "",
    };

    private void Publish() => _reporter.Report(PodStatusDocument.Write(
        _context, _containers, _startTime, _isOver, _isOver ? _failure : null, _isRestarting, isHeld: !_isOver && (_failure is not null || _stop is { IsCutShort: true })));
}
