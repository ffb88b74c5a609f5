using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>How much load, from how many clients.</summary>
internal sealed record LoadSettings
{
    public required string ServerCommand { get; init; }

    public int Clients { get; init; } = 16;

    /// <summary>Pods in the list benchmarks.</summary>
    public int Pods { get; init; } = 10_000;

    /// <summary>Length of each closed-loop measurement.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>Watchers of the fan-out row, each on a connection of its own.</summary>
    public int Watchers { get; init; } = 100;

    /// <summary>Leaves out the rows that measure writes; the pods are still made.</summary>
    public bool OnlyReads { get; init; }

    public static LoadSettings Parse(string[] args)
    {
        var settings = new LoadSettings { ServerCommand = args[0] };
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--rows")
            {
                settings = settings with { OnlyReads = args[i + 1] == "reads" };
                continue;
            }

            int value = int.Parse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture);
            settings = args[i] switch
            {
                "--clients" => settings with { Clients = value },
                "--pods" => settings with { Pods = value },
                "--watchers" => settings with { Watchers = value },
                "--seconds" => settings with { Seconds = value },
                _ => throw new ArgumentException($"unknown flag {args[i]}", nameof(args)),
            };
        }

        return settings;
    }
}
