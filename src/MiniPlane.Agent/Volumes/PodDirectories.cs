using System.Globalization;

namespace MiniPlane.Agent.Volumes;

/// <summary>Where a pod's files are: on the shared file system, on the node's disk, in the node's memory.</summary>
internal sealed record PodDirectories
{
    private const string Prefix = "miniplane-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The pod's directory on the shared file system: logs, status, emptyDir volumes.</summary>
    public required string Pod { get; init; }

    /// <summary>A directory of the node's own disk: writable layers, which network file systems cannot hold.</summary>
    public required string Local { get; init; }

    /// <summary>A directory of the node's memory: Secrets and tokens. The local one where there is no /dev/shm.</summary>
    public required string Memory { get; init; }

    /// <summary>The files of the pod that its containers see: hosts, resolv.conf, termination messages.</summary>
    public string Files => Path.Combine(Local, "files");

    /// <summary>/dev/shm of all the pod's containers: they share memory, as those of a pod do.</summary>
    public string SharedMemory => Path.Combine(Memory, "shm");

    /// <summary>Picks and makes the directories, 0700, and removes those of agents that were killed on this node.</summary>
    public static PodDirectories Create(string podDirectory, string podUid, string? localDirectory)
    {
        // A job that lost its node may begin again on it before what was left there is gone.
        string name = Prefix + podUid + (Runtime.JobTasks.Restarts is > 0 and var restarts ? string.Create(CultureInfo.InvariantCulture, $"-{restarts}") : "");
        if (Runtime.JobTasks.HasManyNodes)
        {
            return CreateShared(podDirectory);
        }

        string local = localDirectory ?? Environment.GetEnvironmentVariable("TMPDIR") ?? "/tmp";
        PodDirectories directories = new()
        {
            Pod = podDirectory,
            Local = Path.Combine(local, name),
            Memory = Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", name) : Path.Combine(local, name, "memory"),
        };
        foreach (string directory in new[] { podDirectory, directories.Local, directories.Memory, directories.Files })
        {
            Directory.CreateDirectory(directory, OwnerOnly);

            // Throws for a directory that somebody else has made: /tmp and /dev/shm are open to all.
            File.SetUnixFileMode(directory, OwnerOnly);
        }

        Directory.CreateDirectory(directories.SharedMemory);
        File.SetUnixFileMode(directories.SharedMemory, (UnixFileMode)0x3ff);
        DirectoryOwner.Sweep(Path.GetDirectoryName(directories.Local)!, Prefix);
        DirectoryOwner.Sweep(Path.GetDirectoryName(directories.Memory)!, Prefix);
        DirectoryOwner.Mark(directories.Local);
        DirectoryOwner.Mark(directories.Memory);
        return directories;
    }

    /// <summary>For a job of several nodes: everything is where all of them see it, for this account alone.</summary>
    private static PodDirectories CreateShared(string podDirectory)
    {
        PodDirectories directories = new()
        {
            Pod = podDirectory,
            Local = Path.Combine(podDirectory, "local"),
            Memory = Path.Combine(podDirectory, "memory"),
        };
        foreach (string directory in new[] { podDirectory, directories.Local, directories.Memory, directories.Files, directories.SharedMemory })
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }

        return directories;
    }

    /// <summary>Removes what must not outlive the pod on the node.</summary>
    public void RemoveLocal()
    {
        DirectoryOwner.Release(Local);
        DirectoryOwner.Release(Memory);
        Runtime.ScratchDirectory.Remove(Local);
        Runtime.ScratchDirectory.Remove(Memory);
    }
}
