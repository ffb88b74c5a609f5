using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// Who this process is to slurmrestd. On a socket of the user's own the kernel says so; elsewhere a token does, which comes from a file
/// (read each time, since tokens end and are renewed) or from <c>SLURM_JWT</c>, as for Slurm's programs.
/// </summary>
internal sealed record RestLogin(string TokenFile, Func<string, string?> Environment)
{
    private const string Start = "SLURM_JWT=";

    public string User { get; init; } = System.Environment.UserName;

    /// <summary>The token, or empty. A file may hold what <c>scontrol token</c> prints.</summary>
    public string ReadToken()
    {
        string text;
        try
        {
            text = TokenFile.Length > 0 ? File.ReadAllText(TokenFile) : Environment("SLURM_JWT") ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }

        text = text.Trim();
        return text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..] : text;
    }

    /// <summary>What to do when it is refused.</summary>
    public string Advice => TokenFile.Length > 0
        ? $"put a new token into {TokenFile}: scontrol token lifespan=86400 > {ShellWords.Quote(TokenFile)}"
        : "set SLURM_JWT before the start (export $(scontrol token lifespan=86400)), or better name a file with a token (slurmrestd-token-file), which may be renewed while the cluster runs";
}
