using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Doctor;

/// <summary>Whether the user's disk quota is used up, where the site has <c>quota</c>(1).</summary>
internal static class QuotaCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(ISiteCommands commands, CancellationToken cancellationToken)
    {
        SiteCommandResult result = await commands.RunAsync("quota", ["-q"], null, Limit, cancellationToken);
        return Read(result);
    }

    /// <summary><c>quota -q</c> prints only file systems where the usage is over the quota; it returns 1 then.</summary>
    public static Finding Read(SiteCommandResult result)
    {
        string over = result.Output.Trim();
        return over.Length == 0
            ? Finding.Fine("quota", "no file system is over quota, as far as `quota` knows")
            : Finding.Broken("quota", over.ReplaceLineEndings("; "), "delete files or ask for more; MiniPlane refuses writes while the disk does");
    }
}
