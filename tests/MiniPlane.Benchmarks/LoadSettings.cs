using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>How much load, from how many clients, and which rows.</summary>
internal sealed record LoadSettings
{
    public required string ServerCommand { get; init; }

    public int Clients { get; init; } = 16;

    /// <summary>Pods in the list benchmarks.</summary>
    public int Pods { get; init; } = 10_000;

    /// <summary>Pods stored when the start of a used directory is measured.</summary>
    public int StartPods { get; init; } = 20_000;

    /// <summary>Length of each closed-loop measurement.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>Length of each warm-up, which is not measured.</summary>
    public int WarmSeconds { get; init; } = 3;

    /// <summary>Watches that are open, and read, while writes are measured.</summary>
    public int Watches { get; init; } = 10;

    /// <summary>Watchers of the fan-out row, each on a connection of its own.</summary>
    public int Watchers { get; init; } = 100;

    /// <summary>Idle time before memory is read.</summary>
    public int IdleSeconds { get; init; } = 30;

    /// <summary>Repetitions of each part.</summary>
    public int Rounds { get; init; } = 2_000;

    /// <summary>Repetitions of the comparison of stores.</summary>
    public int StoreRounds { get; init; } = 3;

    /// <summary>What <c>--store</c> says to the server.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Names of the rows to measure; all when empty.</summary>
    public IReadOnlySet<string> Rows { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public bool Wants(string row) => Rows.Count == 0 || Rows.Contains(row);

    public static LoadSettings Parse(string[] args)
    {
        var settings = new LoadSettings { ServerCommand = args[0] };
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--rows")
            {
                settings = settings with { Rows = Named(args[i + 1]).ToHashSet(StringComparer.Ordinal) };
                continue;
            }

            if (args[i] == "--store")
            {
                settings = settings with { Store = args[i + 1] };
                continue;
            }

            int value = int.Parse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture);
            settings = args[i] switch
            {
                "--clients" => settings with { Clients = value },
                "--pods" => settings with { Pods = value },
                "--start-pods" => settings with { StartPods = value },
                "--seconds" => settings with { Seconds = value },
                "--warm" => settings with { WarmSeconds = value },
                "--watches" => settings with { Watches = value },
                "--watchers" => settings with { Watchers = value },
                "--rounds" => settings with { Rounds = value },
                "--store-rounds" => settings with { StoreRounds = value },
                "--idle" => settings with { IdleSeconds = value },
                _ => throw new ArgumentException($"unknown flag {args[i]}", nameof(args)),
            };
        }

        return settings;
    }

    private static string[] Named(string rows) => rows switch
    {
        "reads" => ["idle", "memory", "get", "list", "table", "selector", "watch"],
        "writes" => ["start", "configmap", "pod", "patch", "apply", "delete"],
        _ => rows.Split(','),
    };
}
