namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>Where the parts of the rig are, as <c>tests/rig/up.sh env</c> tells.</summary>
internal sealed record RigSettings
{
    public required string User { get; init; }
    public required string Work { get; init; }
    public required string App { get; init; }
    public required string Bin { get; init; }
    public required string SlurmConf { get; init; }
    public required string Registry { get; init; }

    /// <summary>The same images by TLS, under a name of this host, for the account puller with the password "open sesame".</summary>
    public required string SecureRegistry { get; init; }

    /// <summary>The authority (ca.pem) of that one, and its log.</summary>
    public required string SecureRegistryFiles { get; init; }

    public required string ImageFile { get; init; }

    /// <summary>miniplane.sif.</summary>
    public required string ContainerFile { get; init; }

    /// <summary>For ssh: the host login1 is this one, by a server of the ordinary user.</summary>
    public required string SshConfig { get; init; }

    /// <summary>slurmrestd of the ordinary user, on a socket.</summary>
    public required string RestSocket { get; init; }

    /// <summary>slurmrestd for holders of a token.</summary>
    public required string RestUrl { get; init; }

    public required string RestTokenFile { get; init; }

    /// <summary>Whether a job that takes more memory than it asked for is ended: only with control groups.</summary>
    public required bool EnforcesMemory { get; init; }

    public required string Repository { get; init; }

    /// <summary>The same for the ordinary user: a copy of those of its files that programs of that user read.</summary>
    public required string Sources { get; init; }

    /// <summary>Whether everything is root's instead: what Apptainer does for root alone.</summary>
    public bool RunsAsRoot { get; init; }

    public string Busybox => $"{Registry}/miniplane/busybox:1";

    /// <summary>Where the JavaScript client is.</summary>
    public string JavaScript => Path.Combine(Path.GetDirectoryName(Bin) ?? "/", "javascript", "node_modules");

    private string AsUser => Path.Combine(Repository, "tests/rig/as-user.sh");

    /// <summary>Brings the rig up unless the caller did (<c>tests/run.sh</c> says so), and reads where it is.</summary>
    public static async Task<RigSettings> LoadAsync()
    {
        string repository = FindRepository();
        string up = Path.Combine(repository, "tests/rig/up.sh");
        if (Environment.GetEnvironmentVariable("MINIPLANE_RIG_IS_UP") is not "1")
        {
            (await Command.RunAsync(up, ["start"], limit: TimeSpan.FromMinutes(30))).OrFail();
        }

        string text = (await Command.RunAsync(up, ["env"])).OrFail();
        var values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new RigSettings
        {
            User = values["user"],
            Work = values["work"],
            App = values["app"],
            Bin = values["bin"],
            SlurmConf = values["slurm_conf"],
            Registry = values["registry"],
            SecureRegistry = values["secure_registry"],
            SecureRegistryFiles = values["secure_registry_files"],
            ImageFile = values["image_file"],
            ContainerFile = values["container_file"],
            SshConfig = values["ssh_config"],
            RestSocket = values["rest_socket"],
            RestUrl = values["rest_url"],
            RestTokenFile = values["rest_token"],
            EnforcesMemory = (await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(values["slurm_conf"])!, "cgroup.conf")))
                .Contains("ConstrainRAMSpace=yes", StringComparison.Ordinal),
            Repository = repository,
            Sources = values["sources"],
        };
    }

    /// <summary>The start of a command line that runs as the ordinary user: program and arguments.</summary>
    public (string File, string[] Arguments) AsOrdinaryUser(params string[] command) =>
        (RunsAsRoot ? "env" : AsUser, [.. RunsAsRoot ? [] : (string[])["env"], $"SLURM_CONF={SlurmConf}", .. command]);

    public Task<CommandResult> RunAsync(params string[] command)
    {
        (string file, string[] arguments) = AsOrdinaryUser(command);
        return Command.RunAsync(file, arguments);
    }

    private static string FindRepository()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "MiniPlane.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No MiniPlane.sln above {AppContext.BaseDirectory}");
    }
}
