using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Integration.Tests.Doctor;

/// <summary>A site whose programs answer what the test says; those not named cannot be started.</summary>
internal sealed class ScriptedSite : ISiteCommands
{
    private readonly Dictionary<string, SiteCommandResult> _answers = new(StringComparer.Ordinal);

    public string Way => "commands on PATH";

    public bool HasSlurm => true;

    public List<string> Asked { get; } = [];

    /// <summary>A site where everything is as it should be.</summary>
    public static ScriptedSite Fit()
    {
        var site = new ScriptedSite();
        foreach (string program in (string[])["sinfo", "squeue", "sbatch", "scancel", "scontrol"])
        {
            site.Answer($"{program} --version", "slurm 24.11.1\n");
        }

        site.Answer("sinfo -h", "batch*|up|4|idle\ngpu|up|2|mixed\nold|up|1|down*\n");
        site.Answer("sbatch --test-only", "");
        site.Answer("sacct", "");
        site.Answer("scontrol show", "MinJobAge               = 300 sec\n");
        return site;
    }

    public void Answer(string start, string output) => _answers[start] = new SiteCommandResult(true, output, "");

    public void Fail(string start, string complaint) => _answers[start] = new SiteCommandResult(false, "", complaint);

    public ValueTask<SiteCommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input, TimeSpan limit, CancellationToken cancellationToken)
    {
        string line = $"{program} {string.Join(' ', arguments)}";
        Asked.Add(line);
        SiteCommandResult? answer = _answers.Where(pair => line.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length)
            .Select(pair => pair.Value).FirstOrDefault();
        return ValueTask.FromResult(answer ?? new SiteCommandResult(false, "", $"{program}: No such file or directory"));
    }
}
