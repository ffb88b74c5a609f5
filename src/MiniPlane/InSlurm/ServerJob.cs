using System.Globalization;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm.Access;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.InSlurm;

/// <summary>What is submitted so that a compute node runs the server; pure but for where this program lies.</summary>
internal static class ServerJob
{
    /// <summary>Sent to the server before its time is up; any other end is meant as one.</summary>
    public const int HandoverSignal = 10;

    private const string SignalName = "USR1";
    private const string JobName = "miniplane";

    /// <summary>The batch script: the same command again, told that it runs as the job.</summary>
    /// <param name="program">The words that start this program on a compute node.</param>
    /// <param name="dataDirectory">Where the cluster lives.</param>
    /// <param name="given">Settings from flags and the environment, by name.</param>
    /// <param name="directives">Lines of flags for sbatch: the site's, then the user's, which wins.</param>
    public static string Script(
        IReadOnlyList<string> program, string dataDirectory, IReadOnlyDictionary<string, string> given, IEnumerable<string> directives)
    {
        string lines = string.Concat(directives.Where(line => line.Length > 0).Select(line => $"#SBATCH {line}\n"));
        IEnumerable<string> settings = given
            .Where(setting => setting.Key != "data-dir" && setting.Value.Length > 0)
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .SelectMany(setting => new[] { "--" + setting.Key, setting.Value });
        string[] words = [.. program, "up", "--as-job", "--data-dir", dataDirectory, .. settings];
        return $"#!/bin/sh\n{lines}exec {string.Join(' ', words.Select(ShellWords.Quote))}\n";
    }

    public static JobRequest Request(ServerJobRecord record, string dataDirectory, string predecessor)
    {
        string lead = ((long)Lead(record.TimeLimit).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        List<string> flags =
        [
            $"--job-name={JobName}",
            $"--time={record.TimeLimit}",
            $"--signal=B:{SignalName}@{lead}",
            $"--output={Path.Combine(dataDirectory, "logs", "server-%j.out")}",
            "--open-mode=append",
            "--requeue",
        ];
        if (predecessor.Length > 0)
        {
            flags.Add($"--dependency=afterany:{predecessor}");
        }

        return new JobRequest
        {
            // Not a pod: the backend only wants to know one submission from another.
            PodUid = $"server-{Guid.NewGuid():N}",
            Pod = ObjectKey.Cluster(JobName),
            Partition = "",
            Directory = record.WorkingDirectory,
            Script = record.Script,
            Flags = flags,
            Cpus = 1,
            MemoryMiB = 0,
        };
    }

    /// <summary>How long before its end a server hands over: enough to end in order, little of a short limit.</summary>
    public static TimeSpan Lead(string timeLimit) =>
        TimeSpan.FromSeconds(Math.Clamp((SlurmTime.Parse(timeLimit) ?? TimeSpan.FromHours(1)).TotalSeconds / 20, 10, 120));

    /// <summary>
    /// How long a server runs before it has its successor wait for it: soon, so that the successor gains priority; not at once, so that
    /// one that falls over each time does not go on for ever.
    /// </summary>
    public static TimeSpan Probation(string timeLimit) =>
        TimeSpan.FromSeconds(Math.Clamp((SlurmTime.Parse(timeLimit) ?? TimeSpan.FromHours(1)).TotalSeconds / 20, 3, 60));

    /// <summary>The words that start this program elsewhere: itself, its container, or the .NET that runs it.</summary>
    public static IReadOnlyList<string> Program()
    {
        if (ContainerTraces.IsContainer(Environment.GetEnvironmentVariable))
        {
            string file = Environment.GetEnvironmentVariable("APPTAINER_CONTAINER") ?? Environment.GetEnvironmentVariable("SINGULARITY_CONTAINER") ?? "";
            return ["apptainer", "--silent", "run", "--bind", $"/:{ContainerTraces.HostDirectory}", file];
        }

        string self = Environment.ProcessPath ?? "miniplane";
        return Path.GetFileNameWithoutExtension(self) == "dotnet" ? [self, Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : [self];
    }
}
