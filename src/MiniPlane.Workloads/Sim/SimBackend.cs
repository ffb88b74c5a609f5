using System.Globalization;
using System.Text;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Sim;

/// <summary>
/// A Slurm cluster in memory, driven by the clock: nothing runs. Jobs start in order as nodes have room, and end as the
/// options say. The model moves on whenever it is looked at, so it gives the same answers however often that is.
/// </summary>
internal sealed class SimBackend : IWorkloadBackend
{
    /// <summary>For so long an ended job is remembered (<c>MinJobAge</c>).</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly SimOptions _options;
    private readonly TimeProvider _time;

    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimJob> _byPod = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SimJob> _byNumber = [];
    private readonly Dictionary<string, SimNode[]> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedList<SimJob>> _queues = new(StringComparer.Ordinal);
    private readonly PriorityQueue<SimJob, DateTimeOffset> _ends = new();
    private readonly Dictionary<string, int> _nextNode = new(StringComparer.Ordinal);
    private readonly Queue<SimJob> _ended = new();
    private int _nextNumber;
    private string _trouble = "";

    public SimBackend(SimOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _nextNumber = options.FirstJob;
        foreach (string partition in options.Partitions)
        {
            _nodes[partition] = [.. Enumerable.Range(1, options.Nodes).Select(i => new SimNode(string.Create(CultureInfo.InvariantCulture, $"{partition}{i}"), options))];
            _queues[partition] = [];
        }
    }

    public string Name => "sim";

    public string Version => "";

    public bool RunsAgents => false;

    /// <summary>Makes the cluster unreachable, for tests; empty brings it back.</summary>
    public string Trouble
    {
        get => Volatile.Read(ref _trouble);
        set => Volatile.Write(ref _trouble, value);
    }

    public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<PartitionsOutcome>(Trouble.Length > 0
            ? new PartitionsOutcome.Unavailable(Trouble)
            : new PartitionsOutcome.Listed(_options.Nodes == 0 ? [] : [.. _options.Partitions.Select(ToPartition)]));

    public ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Submit(request));

    public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        if (Trouble.Length > 0)
        {
            return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Unavailable(Trouble));
        }

        lock (_gate)
        {
            MoveOn();
            return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([.. _byNumber.Values.Select(job => job.ToStatus())]));
        }
    }

    public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            MoveOn();
            JobStatus status = Find(jobId)?.ToStatus() ?? new JobStatus { JobId = jobId, State = JobState.Lost };
            return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([status]));
        }
    }

    public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        if (Trouble.Length > 0)
        {
            return ValueTask.FromResult<CancelOutcome>(new CancelOutcome.Unavailable(Trouble));
        }

        lock (_gate)
        {
            MoveOn();
            if (Find(jobId) is { } job && !job.State.IsEnded())
            {
                if (job.State == JobState.Pending)
                {
                    _queues[job.Request.Partition].Remove(job);
                }

                End(job, _time.GetUtcNow(), JobState.Cancelled);
                MoveOn();
            }
        }

        return ValueTask.FromResult<CancelOutcome>(CancelOutcome.Accepted.Value);
    }

    private SubmitOutcome Submit(JobRequest request)
    {
        if (Trouble.Length > 0)
        {
            return new SubmitOutcome.Unavailable(Trouble);
        }

        lock (_gate)
        {
            if (_byPod.TryGetValue(request.PodUid, out SimJob? known))
            {
                return new SubmitOutcome.Submitted(known.ToStatus().JobId, WasThere: true);
            }

            JobRequest placed = request.Partition.Length > 0 ? request : request with { Partition = _options.Partitions[0] };
            if (!_queues.TryGetValue(placed.Partition, out LinkedList<SimJob>? queue))
            {
                return new SubmitOutcome.Rejected($"invalid partition specified: {placed.Partition}");
            }

            if (placed.Cpus > _options.CpusPerNode || placed.MemoryMiB > _options.MemoryMiBPerNode || placed.Gpus > _options.GpusPerNode)
            {
                return new SubmitOutcome.Rejected("Requested node configuration is not available");
            }

            DateTimeOffset now = _time.GetUtcNow();
            var job = new SimJob(_nextNumber++, placed, now, now + _options.StartTime);
            _byPod[placed.PodUid] = job;
            _byNumber[job.Number] = job;
            queue.AddLast(job);
            return new SubmitOutcome.Submitted(job.ToStatus().JobId, WasThere: false);
        }
    }

    /// <summary>Lets everything happen that had to happen by now, in order.</summary>
    private void MoveOn()
    {
        DateTimeOffset now = _time.GetUtcNow();
        StartAll(now);
        while (_ends.TryPeek(out SimJob? job, out DateTimeOffset at) && at <= now)
        {
            _ends.Dequeue();
            if (job.State == JobState.Running && job.Fate is { } fate)
            {
                End(job, at, fate.As);
                StartAll(now);
            }
        }

        Forget(now);
    }

    private void StartAll(DateTimeOffset now)
    {
        foreach ((string partition, LinkedList<SimJob> queue) in _queues)
        {
            while (queue.First is { } first && first.Value.Ready <= now && TryPlace(partition, first.Value))
            {
                queue.RemoveFirst();
                Start(first.Value, now);
            }
        }
    }

    private bool TryPlace(string partition, SimJob job)
    {
        SimNode[] nodes = _nodes[partition];
        int first = _nextNode.GetValueOrDefault(partition);
        for (int i = 0; i < nodes.Length; i++)
        {
            int at = (first + i) % nodes.Length;
            if (nodes[at].TryTake(job.Request))
            {
                job.Node = nodes[at];
                _nextNode[partition] = at;
                return true;
            }
        }

        return false;
    }

    private void Start(SimJob job, DateTimeOffset now)
    {
        job.State = JobState.Running;
        job.Started = now;
        bool fails = Chance(job.Request.PodUid) < _options.FailureRate;
        (DateTimeOffset At, JobState As)? end = job.Request.EndsByItself
            ? (now + _options.RunTime, fails ? JobState.Failed : JobState.Completed)
            : null;
        if (job.Request.TimeLimit is { } limit && (end is null || now + limit < end.Value.At))
        {
            end = (now + limit, JobState.Timeout);
        }

        job.Fate = end;
        if (end is { } known)
        {
            _ends.Enqueue(job, known.At);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_ended.TryPeek(out SimJob? job) && job.Ended + Memory <= now)
        {
            _ended.Dequeue();
            _byNumber.Remove(job.Number);
            _byPod.Remove(job.Request.PodUid);
        }
    }

    private void End(SimJob job, DateTimeOffset at, JobState state)
    {
        job.State = state;
        job.Ended = at;
        job.Node?.Return(job.Request);
        _ended.Enqueue(job);
    }

    private SimJob? Find(string jobId) =>
        int.TryParse(jobId, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? _byNumber.GetValueOrDefault(number) : null;

    /// <summary>A number from 0 to 1 that is always the same for the same pod and seed (FNV-1a).</summary>
    private double Chance(string podUid)
    {
        uint hash = 2166136261u ^ (uint)_options.Seed;
        foreach (byte b in Encoding.UTF8.GetBytes(podUid))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash / (double)uint.MaxValue;
    }

    private PartitionInfo ToPartition(string name) => new()
    {
        Name = name,
        IsDefault = name == _options.Partitions[0],
        Nodes = _options.Nodes,
        UsableNodes = _options.Nodes,
        Cpus = (long)_options.Nodes * _options.CpusPerNode,
        MemoryMiB = _options.Nodes * _options.MemoryMiBPerNode,
        MaxCpusPerNode = _options.CpusPerNode,
        MaxMemoryMiBPerNode = _options.MemoryMiBPerNode,
        MaxGpusPerNode = _options.GpusPerNode,
        Gpus = _options.GpusPerNode > 0
            ? new Dictionary<string, long>(StringComparer.Ordinal) { [""] = (long)_options.Nodes * _options.GpusPerNode }
            : new Dictionary<string, long>(StringComparer.Ordinal),
        NodeList = string.Create(CultureInfo.InvariantCulture, $"{name}[1-{_options.Nodes}]"),
    };
}
