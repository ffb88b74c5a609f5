using System.Globalization;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Makes one job array of pods that ask for the same; pure. Each task finds its pod's directory by its number.</summary>
internal static class ArrayScript
{
    private static readonly string[] OfOnePod = ["--job-name=", "--comment=", "--chdir=", "--output=", "--open-mode="];

    /// <summary>What the pods of one array have in common; null for a pod that must be a job of its own.</summary>
    public static string? GroupOf(JobRequest request, string comment)
    {
        bool isPlain = request.ArrayGroup.Length > 0
            && request.Flags.Contains($"--comment={comment}", StringComparer.Ordinal)
            && !request.Flags.Any(flag => flag.StartsWith("--error=", StringComparison.Ordinal));
        return isPlain ? $"{request.ArrayGroup}\n{string.Join('\n', Common(request))}\n{request.AgentWords}" : null;
    }

    public static IReadOnlyList<string> Flags(IReadOnlyList<JobRequest> requests, string comment, string directory) =>
    [
        .. Common(requests[0]),
        $"--job-name={requests[0].ArrayName}",
        $"--comment={comment}",
        $"--chdir={directory}",
        "--output=/dev/null",
        string.Create(CultureInfo.InvariantCulture, $"--array=0-{requests.Count - 1}"),
    ];

    public static string Script(IReadOnlyList<JobRequest> requests, string tasksFile)
    {
        string pods = ShellWords.Quote(Path.GetDirectoryName(requests[0].Directory) ?? "/");
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            #!/bin/sh
            # {{requests.Count}} pods like {{requests[0].Pod}}, one for each task
            id="${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
            pod=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" {{ShellWords.Quote(tasksFile)}})
            cd {{pods}}/"${pod:?}" || exit 1
            exec >> "slurm-$id.out" 2>&1
            exec {{requests[0].AgentWords}} --config "$PWD/agent.json"

            """);
    }

    private static IEnumerable<string> Common(JobRequest request) =>
        request.Flags.Where(flag => !OfOnePod.Any(start => flag.StartsWith(start, StringComparison.Ordinal)));
}
