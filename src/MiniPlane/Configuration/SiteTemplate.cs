namespace MiniPlane.Configuration;

/// <summary>The commented site file. A test reads it back with every line switched on.</summary>
internal static class SiteTemplate
{
    public const string Text = """
        # site.yaml: what is particular about this site. As /etc/miniplane/site.yaml it holds for everyone on the host; a user's own file
        # (miniplane up --site FILE) goes on top: a text, number or list replaces what stands here, a mapping adds to it.

        # The partitions to show as nodes, by name; all when it is not set. hiddenPartitions leaves some out.
        # partitions: [batch, gpu]
        # hiddenPartitions: [admin]

        # For jobs that say nothing else: the account, the time limit, any other flags of sbatch.
        # account: proj1
        # defaultTime: "4:00:00"
        # sbatchFlags: --qos=normal

        # Flags by the name of the pod's PriorityClass.
        # priorityClasses:
        #   high: --qos=high

        # Where images come from first (the registry itself is asked when the mirror has none); registries without TLS; PEM files of the
        # authorities that registries have their certificates from, beside those that the compute nodes trust; a directory for images
        # that all users share, what it may take (images that no pod uses go), and how many are pulled at once.
        # registryMirrors:
        #   docker.io: registry.example.org/docker
        # insecureRegistries: ["registry.example.org:5000"]
        # registryAuthorities: [/etc/pki/site-ca.pem]
        # imageCache: /scratch/shared/images
        # imageCacheSize: 500Gi
        # imagePulls: 4

        # How long the logs of a deleted pod are kept (pod-logs/ in the data directory; 0: not at all), and what all of them may take.
        # logRetention: 24h
        # logRetentionSize: 1Gi

        # Where volumes of each storage class are made; ~ and $VARIABLES are the user's own.
        # storageRoots:
        #   scratch: $SCRATCH/miniplane
        #   project: /project/shared
        # defaultStorageClass: scratch

        # Host paths that every container sees, and the Apptainer command on the compute nodes.
        # bindPaths: [/opt/site]
        # apptainer: /opt/apptainer/bin/apptainer

        # Networks that pods may join, by the names of Apptainer's --network, and host for the node's own; pods that name none
        # (miniplane.io/pod-network) get the first. Without this all have their node's. Apptainer must be setuid, and its apptainer.conf
        # allow the networks to the users (allow net users, allow net networks). networkArgs are Apptainer's --network-args.
        # networks: [fakeroot, host]
        # networkArgs: ["IPRange=10.5.0.0/16"]

        # Limits: pods that a node shows room for; the least memory of a job; memory added for the agent; jobs submitted in a second
        # at most (0: as fast as Slurm takes them).
        # podsPerNode: 110
        # submitsPerSecond: 0
        # minimumMemoryMiB: 128
        # agentMemoryMiB: 0

        # What each user's cluster and each pod may have; a user's own file can only narrow it. Pods that ask for more are refused with
        # the limit's name, those beyond jobs wait; timePerPod is also the time limit of pods that ask for none.
        # limits:
        #   jobs: 200
        #   cpusPerPod: 64
        #   memoryPerPod: 256Gi
        #   gpusPerPod: 4
        #   timePerPod: 2-00:00:00

        # Extended resources that are GPUs, and the resource under which nodes show them.
        # gpuResources:
        #   nvidia.com/gpu: gpu
        # gpuNodeResource: nvidia.com/gpu

        # Words before each Slurm command.
        # commandPrefix: [ssh, login1]

        # Defaults for the settings of miniplane.yaml (`miniplane config` lists them).
        # settings:
        #   poll-interval: 10

        """;
}
