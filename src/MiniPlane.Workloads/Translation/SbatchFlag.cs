namespace MiniPlane.Workloads.Translation;

/// <summary>One option as it is given to sbatch. A null value means that there is none.</summary>
internal sealed record SbatchFlag(string Name, string? Value)
{
    public override string ToString() => Value is null ? $"--{Name}" : $"--{Name}={Value}";
}
