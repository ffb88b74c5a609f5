namespace MiniPlane.Workloads.Translation;

/// <summary>One option of sbatch: its long name, its letter, and whether a value follows.</summary>
internal sealed record SbatchOption(string Name, char Letter, SbatchValue Value)
{
    /// <summary>Why users may not give it, or empty.</summary>
    public string Refusal { get; init; } = "";
}
