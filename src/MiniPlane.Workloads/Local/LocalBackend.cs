using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Local;

/// <summary>
/// No Slurm: a job is a process of this host in a session of its own. It survives this process and is found again by what it
/// wrote into its pod's directory when it started.
/// </summary>
internal sealed class LocalBackend(string podsDirectory, TimeProvider time) : IWorkloadBackend
{
    private const string Prefix = "local-";
    private const string StatFile = "local-stat";

    // The shell notes down who it is before it becomes the job's script; that file is also what makes a second start impossible.
    private const string Start = "cat /proc/$$/stat > local-stat.new && mv local-stat.new local-stat && exec sh ./job.sh >> \"$1\" 2>&1 < /dev/null";

    private readonly ConcurrentDictionary<string, Process> _children = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _cancelled = new(StringComparer.Ordinal);

    public string Name => "local";

    public string Version => "";

    public bool RunsAgents => true;

    public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken)
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024);
        long gpus = Directory.Exists("/proc/driver/nvidia/gpus") ? Directory.GetDirectories("/proc/driver/nvidia/gpus").Length : 0;
        var host = new PartitionInfo
        {
            Name = "local",
            IsDefault = true,
            Nodes = 1,
            UsableNodes = 1,
            Cpus = Environment.ProcessorCount,
            MaxCpusPerNode = Environment.ProcessorCount,
            MemoryMiB = memory,
            MaxMemoryMiBPerNode = memory,
            Gpus = gpus > 0 ? new Dictionary<string, long>(StringComparer.Ordinal) { [""] = gpus } : new Dictionary<string, long>(StringComparer.Ordinal),
            MaxGpusPerNode = gpus,
            NodeList = Environment.MachineName,
        };
        return ValueTask.FromResult<PartitionsOutcome>(new PartitionsOutcome.Listed([host]));
    }

    public async ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        string jobId = Prefix + request.PodUid;
        if (File.Exists(Path.Combine(request.Directory, StatFile)) || _children.ContainsKey(request.PodUid))
        {
            return new SubmitOutcome.Submitted(jobId, WasThere: true);
        }

        await File.WriteAllTextAsync(Path.Combine(request.Directory, "job.sh"), request.Script, cancellationToken);
        var info = new ProcessStartInfo("setsid", ["sh", "-c", Start, "sh", $"slurm-{jobId}.out"])
        {
            WorkingDirectory = request.Directory,
            UseShellExecute = false,
        };
        CommandEnvironment.Clean(info.Environment);
        try
        {
            Process child = Process.Start(info) ?? throw new InvalidOperationException("setsid was not started");
            _children[request.PodUid] = child;
            return new SubmitOutcome.Submitted(jobId, WasThere: false);
        }
        catch (Win32Exception exception)
        {
            return new SubmitOutcome.Rejected($"setsid: {exception.Message}");
        }
    }

    public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(podsDirectory))
        {
            return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([]));
        }

        JobStatus[] jobs =
        [
            .. Directory.EnumerateDirectories(podsDirectory).Select(path => Path.GetFileName(path)).Select(ReadStatus).OfType<JobStatus>(),
        ];
        return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed(jobs));
    }

    public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        JobStatus status = ReadStatus(UidOf(jobId)) ?? new JobStatus { JobId = jobId, State = JobState.Lost };
        return ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([status]));
    }

    public async ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        string uid = UidOf(jobId);
        if (ReadJob(uid) is { } job && job.IsAlive())
        {
            _cancelled[uid] = 0;
            await job.SignalAsync(mode == CancelMode.Kill ? "KILL" : "TERM", wholeGroup: mode == CancelMode.Kill, cancellationToken);
        }

        return CancelOutcome.Accepted.Value;
    }

    private JobStatus? ReadStatus(string uid)
    {
        bool isChild = _children.TryGetValue(uid, out Process? child);
        bool isAlive = isChild ? !child!.HasExited : ReadJob(uid)?.IsAlive() == true;
        string stat = Path.Combine(podsDirectory, uid, StatFile);
        if (!isChild && !File.Exists(stat))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset started = File.Exists(stat) ? new DateTimeOffset(File.GetLastWriteTimeUtc(stat), TimeSpan.Zero) : now;
        int exitCode = isChild && !isAlive ? child!.ExitCode : 0;
        return new JobStatus
        {
            JobId = Prefix + uid,
            PodUid = uid,
            State = isAlive ? JobState.Running : _cancelled.ContainsKey(uid) ? JobState.Cancelled : exitCode != 0 ? JobState.Failed : JobState.Completed,
            Partition = "local",
            BatchHost = Environment.MachineName,
            Nodes = Environment.MachineName,
            SubmitTime = started,
            StartTime = started,
            EndTime = isAlive ? null : _ends.GetOrAdd(uid, now),
            ExitCode = exitCode > 128 ? 0 : exitCode,
            Signal = exitCode > 128 ? exitCode - 128 : 0,
        };
    }

    private LocalJob? ReadJob(string uid)
    {
        string path = Path.Combine(podsDirectory, uid, StatFile);
        try
        {
            return File.Exists(path) ? LocalJob.Parse(File.ReadAllText(path)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string UidOf(string jobId) => jobId.StartsWith(Prefix, StringComparison.Ordinal) ? jobId[Prefix.Length..] : jobId;
}
