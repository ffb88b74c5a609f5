namespace MiniPlane.Workloads.Translation;

/// <summary>The annotations and labels of this room, on pods and nodes.</summary>
public static class WorkloadAnnotations
{
    public const string Prefix = "slurm.miniplane.io/";

    /// <summary>Written: the job that runs the pod.</summary>
    public const string JobId = Prefix + "job-id";

    /// <summary>Written by a server-side dry run: the script that would be submitted.</summary>
    public const string JobScript = Prefix + "job-script";

    /// <summary>Written: the address that the pod was given, when it is not its host's.</summary>
    public const string PodAddress = Prefix + "pod-address";

    /// <summary>Read: the network to join, <c>host</c> for the node's own. Written: the one that the pod was submitted with.</summary>
    public const string PodNetwork = "miniplane.io/pod-network";

    /// <summary>Written after the end, where the site keeps accounts: seconds from start to end.</summary>
    public const string UsedElapsed = Prefix + "used-elapsed-seconds";

    /// <summary>Written after the end: allocated cores times time, what is charged.</summary>
    public const string UsedCoreSeconds = Prefix + "used-core-seconds";

    /// <summary>Written after the end: CPU time of all processes.</summary>
    public const string UsedCpuSeconds = Prefix + "used-cpu-seconds";

    /// <summary>Written after the end: the most memory held.</summary>
    public const string UsedMemory = Prefix + "used-memory";

    /// <summary>Read by the agent: <c>tasks</c> or <c>once</c>, how the containers of a job with several tasks are started.</summary>
    public const string Launch = Prefix + "launch";

    /// <summary>Read by the agent: srun's <c>--mpi</c>.</summary>
    public const string Mpi = Prefix + "mpi";

    /// <summary>Read: flags of sbatch, as typed.</summary>
    public const string Flags = Prefix + "flags";

    /// <summary>Read: the type in <c>--gres=gpu:TYPE:N</c>.</summary>
    public const string GpuType = Prefix + "gpu-type";

    /// <summary>Read: the partition, which scheduler and translation both follow.</summary>
    public const string Partition = Prefix + "partition";

    /// <summary>On a node: the Slurm partition that it stands for.</summary>
    public const string NodePartition = Prefix + "partition";

    /// <summary>On a node: this is the partition that takes jobs which name none.</summary>
    public const string NodeDefault = Prefix + "default";

    /// <summary>On a node: the biggest request that one host of the partition can hold.</summary>
    public const string MaxCpusPerNode = Prefix + "max-cpus-per-node";

    public const string MaxMemoryPerNode = Prefix + "max-memory-per-node";

    public const string MaxGpusPerNode = Prefix + "max-gpus-per-node";

    /// <summary>On a node, and in a pod's nodeSelector: a feature of some of the partition's hosts (<c>--constraint</c>).</summary>
    public const string FeaturePrefix = "feature.slurm.miniplane.io/";

    /// <summary>Pod condition: the pod's job has started.</summary>
    public const string JobStartedCondition = Prefix + "JobStarted";

    /// <summary>On a pod of an Indexed Job: its index.</summary>
    internal const string CompletionIndex = "batch.kubernetes.io/job-completion-index";

    /// <summary>On a Job's pods.</summary>
    internal const string JobControllerUid = "batch.kubernetes.io/controller-uid";
    internal const string JobName = "batch.kubernetes.io/job-name";

    /// <summary>Annotations under the prefix that are no flags.</summary>
    internal static IReadOnlyList<string> NotFlags { get; } =
        [JobId, JobScript, PodAddress, Flags, GpuType, Prefix + "job-state", UsedElapsed, UsedCoreSeconds, UsedCpuSeconds, UsedMemory, Launch, Mpi];
}
