namespace MiniPlane.Configuration;

/// <summary>
/// One setting of <c>miniplane up</c>: the same name as a flag (<c>--data-dir</c>), in the environment
/// (<c>MINIPLANE_DATA_DIR</c>) and in <c>miniplane.yaml</c> (<c>data-dir: …</c>); the flag wins, then the environment.
/// </summary>
internal sealed record SettingDefinition(string Name, string ValueName, string Default, string Description)
{
    public string Flag => "--" + Name;

    public string EnvironmentVariable => "MINIPLANE_" + Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>The words it may be, for help and the schema; empty when it is not one of a few words.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
