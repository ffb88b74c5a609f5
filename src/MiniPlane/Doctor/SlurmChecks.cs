using System.Globalization;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Doctor;

/// <summary>Whether Slurm is there, answers, and would take a job of this user.</summary>
internal sealed class SlurmChecks(ISiteCommands commands, string sbatchFlags)
{
    private static readonly string[] Programs = ["sinfo", "squeue", "sbatch", "scancel", "scontrol"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>The partitions that are up, the default one first.</summary>
    public IReadOnlyList<string> Partitions { get; private set; } = [];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [await ProgramsAsync(cancellationToken)];
        if (findings[0].Severity == Severity.Broken)
        {
            return findings;
        }

        findings.Add(await PartitionsAsync(cancellationToken));
        if (Partitions.Count > 0)
        {
            findings.Add(await SubmissionAsync(cancellationToken));
            findings.Add(await AccountingAsync(cancellationToken));
        }

        return findings;
    }

    private async Task<Finding> ProgramsAsync(CancellationToken cancellationToken)
    {
        List<string> missing = [];
        string version = "";
        string complaint = "";
        foreach (string program in Programs)
        {
            SiteCommandResult result = await RunAsync(program, ["--version"], cancellationToken);
            if (!result.Succeeded)
            {
                missing.Add(program);
                complaint = result.Complaint;
            }
            else if (version.Length == 0)
            {
                version = result.Output.Trim();
            }
        }

        return missing.Count == 0
            ? Finding.Fine("slurm commands", $"{version}, {commands.Way}")
            : Finding.Broken(
                "slurm commands",
                $"cannot be run: {string.Join(", ", missing)} ({complaint}; {commands.Way})",
                "put Slurm's commands on PATH (often `module load slurm`), or reach them by another host: a site file with "
                    + "`commandPrefix: [ssh, login1]` given by --site, or by slurmrestd where the site has it (--slurmrestd ADDRESS); without Slurm: miniplane up --backend local");
    }

    private async Task<Finding> PartitionsAsync(CancellationToken cancellationToken)
    {
        SiteCommandResult result = await RunAsync("sinfo", ["-h", "-o", "%P|%a|%D|%T"], cancellationToken);
        if (!result.Succeeded)
        {
            return Finding.Broken(
                "slurm controller", result.Complaint, "the controller must answer `sinfo` here; try it by hand, then ask the administrator whether slurmctld runs and munge works on this host");
        }

        (string Name, bool IsUp, bool IsUsable)[] rows =
        [
            .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).Where(fields => fields.Length == 4)
                .Select(fields => (fields[0], fields[1] == "up", !fields[3].Contains("down", StringComparison.Ordinal) && !fields[3].Contains("drain", StringComparison.Ordinal))),
        ];
        Partitions =
        [
            .. rows.Where(row => row.IsUp && row.IsUsable).Select(row => row.Name).Distinct(StringComparer.Ordinal)
                .OrderByDescending(name => name.EndsWith('*')).Select(name => name.TrimEnd('*')),
        ];
        string all = string.Join(", ", rows.Select(row => row.Name).Distinct(StringComparer.Ordinal));
        return Partitions.Count > 0
            ? Finding.Fine("partitions", string.Join(", ", Partitions))
            : Finding.Broken("partitions", $"none has a node that could run a job (there are: {all})", "wait, or ask the administrator: `sinfo -R` shows why nodes are down");
    }

    private async Task<Finding> SubmissionAsync(CancellationToken cancellationToken)
    {
        string[] flags = sbatchFlags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        SiteCommandResult result = await RunAsync(
            "sbatch", ["--test-only", .. flags, $"--partition={Partitions[0]}", "--ntasks=1", "--time=1", "--wrap=true"], cancellationToken);
        return result.Succeeded
            ? Finding.Fine("submission", $"sbatch would take a job in {Partitions[0]}")
            : Finding.Broken(
                "submission",
                $"sbatch refuses a job in {Partitions[0]}: {result.Complaint.ReplaceLineEndings(" ")}",
                "if an account, QOS or time limit is missing, put it into a site file (account: …, defaultTime: …, sbatchFlags: …) and start with --site FILE");
    }

    private async Task<Finding> AccountingAsync(CancellationToken cancellationToken)
    {
        SiteCommandResult sacct = await RunAsync("sacct", ["-X", "-n", "-S", "now-1minutes"], cancellationToken);
        if (sacct.Succeeded)
        {
            return Finding.Fine("accounting", "sacct answers: jobs are remembered after they left the queue");
        }

        SiteCommandResult config = await RunAsync("scontrol", ["show", "config"], cancellationToken);
        string? age = config.Output.Split('\n').FirstOrDefault(line => line.StartsWith("MinJobAge", StringComparison.Ordinal))?.Split('=')[^1].Trim();
        return Finding.Weak(
            "accounting",
            string.Create(CultureInfo.InvariantCulture, $"sacct does not answer: ended jobs are forgotten after MinJobAge ({age ?? "unknown"})"),
            "nothing, as long as MiniPlane is not down for longer than that; else ask for slurmdbd");
    }

    private ValueTask<SiteCommandResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        commands.RunAsync(program, arguments, null, Limit, cancellationToken);
}
