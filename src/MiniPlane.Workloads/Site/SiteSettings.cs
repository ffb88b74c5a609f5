namespace MiniPlane.Workloads.Site;

/// <summary>
/// What is particular about a site (<c>--site FILE</c>). Everything has a default that suits a plain Slurm cluster.
/// </summary>
public sealed record SiteSettings
{
    public static readonly SiteSettings Default = new();

    /// <summary>Flags for every job (<c>--account=proj1</c>); anything else that says the same wins over them.</summary>
    public string SbatchFlags { get; init; } = "";

    /// <summary>The account of jobs that name none (<c>--account</c>); empty leaves it to Slurm.</summary>
    public string Account { get; init; } = "";

    /// <summary>The time limit of jobs that name none (<c>--time</c>); empty leaves it to the partition.</summary>
    public string DefaultTime { get; init; } = "";

    /// <summary><see cref="SbatchFlags"/> and what the other settings say in flags; the flags themselves win.</summary>
    internal string AllSbatchFlags => string.Join(
        ' ',
        new[] { Account.Length > 0 ? $"--account={Account}" : "", DefaultTime.Length > 0 ? $"--time={DefaultTime}" : "", SbatchFlags }
            .Where(part => part.Length > 0));

    /// <summary>Words before each Slurm program, e.g. <c>ssh login1</c>.</summary>
    public IReadOnlyList<string> CommandPrefix { get; init; } = [];

    /// <summary>The least memory a job asks for when its pod asks for some: the agent needs its share of it.</summary>
    public long MinimumMemoryMiB { get; init; } = 128;

    /// <summary>Memory added to each request for the agent.</summary>
    public long AgentMemoryMiB { get; init; }

    /// <summary>Extended resources that are GPUs, and the name of their generic resource.</summary>
    public IReadOnlyDictionary<string, string> GpuResources { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["nvidia.com/gpu"] = "gpu",
        ["amd.com/gpu"] = "gpu",
    };

    /// <summary>The extended resource under which the nodes show GPUs.</summary>
    public string GpuNodeResource { get; init; } = "nvidia.com/gpu";

    /// <summary>Flags by PriorityClass name.</summary>
    public IReadOnlyDictionary<string, string> PriorityClasses { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The partitions to show, by name; empty shows all.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>Partitions to leave out, by name.</summary>
    public IReadOnlyList<string> HiddenPartitions { get; init; } = [];

    /// <summary>Whether the partition is to be a node of the cluster.</summary>
    internal bool Shows(string partition) =>
        (Partitions.Count == 0 || Partitions.Contains(partition, StringComparer.Ordinal))
        && !HiddenPartitions.Contains(partition, StringComparer.Ordinal);

    /// <summary>Directory for images on the shared file system; empty puts it into the data directory.</summary>
    public string ImageCache { get; init; } = "";

    /// <summary>What the images may take together; those that no pod uses go, the longest unused first. 0 for no limit.</summary>
    public long ImageCacheBytes { get; init; } = 100L << 30;

    /// <summary>Images that are pulled at once, by all jobs together; 0 for no limit.</summary>
    public int ImagePulls { get; init; } = 4;

    /// <summary>How long the logs of a deleted pod are kept; zero removes them with it.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What the logs of deleted pods may take together; the oldest go. 0 for no limit.</summary>
    public long LogRetentionBytes { get; init; } = 1L << 30;

    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Registry name → where to fetch from instead.</summary>
    public IReadOnlyDictionary<string, string> RegistryMirrors { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>PEM files of the authorities that registries' certificates lead to, beside those that the compute nodes trust.</summary>
    public IReadOnlyList<string> RegistryAuthorities { get; init; } = [];

    /// <summary>What is in them, as agents get it: the files need not be on the compute nodes.</summary>
    public string RegistryCertificates { get; init; } = "";

    /// <summary>Host paths that every container sees.</summary>
    public IReadOnlyList<string> BindPaths { get; init; } = [];

    /// <summary>The Apptainer command on the compute nodes.</summary>
    public string Apptainer { get; init; } = "";

    /// <summary>
    /// Networks that Apptainer makes on the compute nodes (CNI), which pods may join, and <c>host</c> for the node's own; pods that name none
    /// have the first. Empty: all have their node's.
    /// </summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Apptainer's <c>--network-args</c> for them.</summary>
    public IReadOnlyList<string> NetworkArguments { get; init; } = [];

    /// <summary>Storage class name → directory in which its volumes are made; <c>~</c> and <c>$VARIABLES</c> are the user's.</summary>
    public IReadOnlyDictionary<string, string> StorageRoots { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The storage class of claims that name none.</summary>
    public string DefaultStorageClass { get; init; } = "home";

    /// <summary>The most jobs submitted in a second; 0 for as fast as Slurm takes them.</summary>
    public int SubmitsPerSecond { get; init; }

    /// <summary>What each cluster and pod may have.</summary>
    public PodLimits Limits { get; init; } = PodLimits.None;

    /// <summary>How many pods a node shows room for.</summary>
    public int PodsPerNode { get; init; } = 110;
}
