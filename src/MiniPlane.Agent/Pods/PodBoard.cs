namespace MiniPlane.Agent.Pods;

/// <summary>The states of all containers in one place; every change is reported.</summary>
internal sealed class PodBoard
{
    private readonly PodContext _context;
    private readonly IPodReporter _reporter;
    private readonly DateTimeOffset _startTime;

    // Guards _containers, _isOver, _failure and the order of reports. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly List<ContainerStatus> _containers;
    private bool _isOver;
    private (string Reason, string Message)? _failure;

    public PodBoard(PodContext context, IPodReporter reporter, IReadOnlyList<ContainerStatus> containers, DateTimeOffset startTime)
    {
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

    public void Update(string name, Func<ContainerStatus, ContainerStatus> change)
    {
        lock (_gate)
        {
            int index = _containers.FindIndex(container => container.Name == name);
            ContainerStatus changed = change(_containers[index]);
            if (changed != _containers[index])
            {
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

    private void Publish() => _reporter.Report(PodStatusDocument.Write(_context, _containers, _startTime, _isOver, _isOver ? _failure : null));
}
