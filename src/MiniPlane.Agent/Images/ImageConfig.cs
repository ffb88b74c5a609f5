namespace MiniPlane.Agent.Images;

/// <summary>The part of an OCI image's configuration that says how to run it (image-spec config.md, "config").</summary>
internal sealed record ImageConfig
{
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public IReadOnlyList<string>? Env { get; set; }

    public IReadOnlyList<string>? Entrypoint { get; set; }

    public IReadOnlyList<string>? Cmd { get; set; }

    public string? WorkingDir { get; set; }

    public string? User { get; set; }

    public string? StopSignal { get; set; }
}
