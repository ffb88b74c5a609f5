using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Slurm.Access;

/// <summary>
/// Finds the way to Slurm. On a host: the site's prefix if it has one, else PATH; then slurmrestd. In a container what is at hand comes
/// first: commands on PATH, the host's root at <c>/host</c>, slurmrestd, the prefix.
/// </summary>
internal sealed class SlurmRoutes(IReadOnlyList<string> prefix, Func<string, string?> environment, Func<string, bool> fileExists)
{
    private const string HostDirectory = ContainerTraces.HostDirectory;
    private const string Program = "sinfo";

    // Where sites put Slurm when it is in nobody's PATH until a module is loaded.
    private static readonly string[] UsualPlaces = ["/usr/bin", "/usr/local/bin", "/opt/slurm/bin", "/usr/local/slurm/bin"];

    public static SlurmRoutes OfThisProcess(IReadOnlyList<string> prefix, RestAddress? rest) =>
        new(prefix, Environment.GetEnvironmentVariable, IsThere) { Rest = rest };

    /// <summary>Where slurmrestd listens, if somebody said so.</summary>
    public RestAddress? Rest { get; init; }

    public bool IsContainer => ContainerTraces.IsContainer(environment);

    /// <summary>Those that are there, best first; whether Slurm answers by them is another question.</summary>
    public IReadOnlyList<SlurmRoute> Find()
    {
        var found = new List<SlurmRoute>();
        if (!IsContainer && prefix.Count > 0)
        {
            return [OfPrefix(), .. OfRest()];
        }

        if (Paths().Any(directory => fileExists(Path.Combine(directory, Program))))
        {
            found.Add(SlurmRoute.Direct.Value);
        }

        string[] outside = [.. ContainerTraces.PathsOutside(environment)];
        if (outside.Concat(UsualPlaces).FirstOrDefault(directory => fileExists($"{HostDirectory}{directory}/{Program}")) is { } place)
        {
            found.Add(new SlurmRoute.HostRoot(HostDirectory, outside.Contains(place, StringComparer.Ordinal) ? "" : place));
        }

        found.AddRange(OfRest());
        if (prefix.Count > 0)
        {
            found.Add(OfPrefix());
        }

        return found;
    }

    /// <summary>What to add so that there is a way, for somebody who started the container without.</summary>
    public static string Advice =>
        "Slurm's commands are not in this container. Start it with one of these: the host's root "
        + $"(apptainer run --bind /:{HostDirectory} miniplane.sif); "
        + "slurmrestd, where the site has it (--slurmrestd unix:/path/of/socket, or --slurmrestd http://host:6820 with a token in SLURM_JWT); "
        + "ssh (a site file with the line \"commandPrefix: ssh LOGIN-NODE\", given by --site FILE); "
        + "or outside of a container (apptainer run miniplane.sif install ~/bin, then ~/bin/miniplane up)";

    private IEnumerable<string> Paths() => (environment("PATH") ?? "").Split(':').Where(directory => directory.Length > 0);

    /// <summary>slurmrestd alone, for those who ask for nothing else.</summary>
    public IReadOnlyList<SlurmRoute> OfRest() => Rest is null ? [] : [new SlurmRoute.Rest(Rest)];

    private SlurmRoute OfPrefix() =>
        SlurmRoute.RemoteShell.Is(prefix) ? new SlurmRoute.RemoteShell(prefix) : new SlurmRoute.Prefix(prefix);

    // A link may lead to where only the host's own root makes sense of it.
    private static bool IsThere(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
