using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>The <c>#SBATCH</c> lines of a script, which sbatch reads and slurmrestd does not; those of the command line win over them.</summary>
internal static class ScriptDirectives
{
    private const string Start = "#SBATCH ";

    public static FlagSet Merge(SlurmSubmission submission)
    {
        var flags = new FlagSet();
        foreach (string line in submission.Script.Split('\n').TakeWhile(line => line.Length == 0 || line[0] == '#').Where(line => line.StartsWith(Start, StringComparison.Ordinal)))
        {
            // What users may not say by these lines is said by the flags again.
            foreach (SbatchFlag flag in FlagParser.Parse(line[Start.Length..], "script", new FieldErrors()))
            {
                flags.Set(flag);
            }
        }

        foreach (string flag in submission.Flags)
        {
            string text = flag.TrimStart('-');
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            flags.Set(equals < 0 ? text : text[..equals], equals < 0 ? null : text[(equals + 1)..]);
        }

        return flags;
    }
}
