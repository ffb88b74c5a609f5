using System.CommandLine;
using MiniPlane.Connection;
using MiniPlane.InSlurm;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.CommandLine;

/// <summary>The flags of <c>up</c> that make the server a Slurm job. They are no settings: each start says it anew.</summary>
internal sealed class InSlurmOptions
{
    private readonly Option<bool> _inSlurm = new("--in-slurm")
    {
        Description = "Run the cluster as a Slurm job; before its time is up a successor takes over. Returns when it is ready.",
    };

    private readonly Option<string> _time = new("--time")
    {
        Description = "With --in-slurm: time limit of each such job, as sbatch takes it.",
        HelpName = "TIME",
        DefaultValueFactory = _ => "8:00:00",
    };

    private readonly Option<string> _partition = new("--partition") { Description = "With --in-slurm: where it runs.", HelpName = "NAME" };

    private readonly Option<string> _flags = new("--slurm-flags")
    {
        Description = "With --in-slurm: more flags for sbatch, in one word: \"--account=a --mem=2G\".",
        HelpName = "FLAGS",
    };

    private readonly Option<bool> _asJob = new("--as-job") { Description = "This process is such a job.", Hidden = true };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _inSlurm, _time, _partition, _flags, _asJob })
        {
            command.Options.Add(option);
        }
    }

    public bool IsJob(ParseResult parsed) => parsed.GetValue(_asJob);

    /// <summary>What was asked for, or null when the cluster is to run here.</summary>
    public InSlurmRequest? Read(ParseResult parsed)
    {
        string time = parsed.GetValue(_time) ?? "";
        return !parsed.GetValue(_inSlurm) ? null
            : SlurmTime.Parse(time) is { } limit && limit >= TimeSpan.FromMinutes(1)
                ? new InSlurmRequest(time, parsed.GetValue(_partition) ?? "", parsed.GetValue(_flags) ?? "")
                : throw new CommandFailure($"--time: \"{time}\" must be a time of at least a minute, as sbatch takes it: 8:00:00, 2-00:00:00, 90", ExitCodes.Usage);
    }
}
