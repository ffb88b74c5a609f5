using System.Globalization;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Which version of slurmrestd's API to speak: the newest that both sides know.</summary>
/// <param name="Number">The last part of <c>v0.0.42</c>.</param>
/// <param name="HasAccounts">Whether the accounts (slurmdbd) are served too.</param>
internal sealed record RestVersions(int Number, bool HasAccounts)
{
    /// <summary>Of Slurm 22.05: values as sbatch takes them, plain numbers.</summary>
    public const int Oldest = 38;

    /// <summary>Of Slurm 26.05.</summary>
    public const int Newest = 45;

    /// <summary>From this one on (Slurm 23.02) values have types: numbers may be unset or infinite, states are lists.</summary>
    public const int Typed = 39;

    private const string Jobs = "/slurm/v0.0.";
    private const string Accounts = "/slurmdb/v0.0.";

    public string Prefix => Path(Jobs);

    public string AccountsPrefix => Path(Accounts);

    public bool IsTyped => Number >= Typed;

    /// <param name="paths">The paths of the server's OpenAPI document.</param>
    /// <param name="served">The versions that it has, for a message.</param>
    public static RestVersions? Choose(IEnumerable<string> paths, out string served)
    {
        string[] all = [.. paths];
        int[] there = [.. all.Where(path => path.StartsWith(Jobs, StringComparison.Ordinal)).Select(path => NumberOf(path, Jobs)).Distinct().Order()];
        served = string.Join(", ", there.Select(number => $"v0.0.{number}"));
        int best = there.Where(number => number is >= Oldest and <= Newest).DefaultIfEmpty(0).Max();
        return best == 0 ? null : new RestVersions(best, all.Any(path => path.StartsWith(Accounts, StringComparison.Ordinal) && NumberOf(path, Accounts) == best));
    }

    private static int NumberOf(string path, string start)
    {
        int end = path.IndexOf('/', start.Length);
        return end > 0 && int.TryParse(path.AsSpan(start.Length, end - start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private string Path(string start) => string.Create(CultureInfo.InvariantCulture, $"{start[1..]}{Number}/");
}
