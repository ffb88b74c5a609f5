namespace MiniPlane.Workloads.Slurm;

/// <summary>One run of a program: no shell, arguments as they are.</summary>
internal sealed record CommandRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>What the program reads; null gives it an empty input.</summary>
    public string? Input { get; init; }

    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string? WorkingDirectory { get; init; }

    public TimeSpan? TimeLimit { get; init; }
}
