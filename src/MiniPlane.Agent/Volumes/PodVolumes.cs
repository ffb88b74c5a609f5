using System.Collections.Concurrent;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Variables;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>The volumes of the pod: made once before its first container, kept current while it runs.</summary>
internal sealed class PodVolumes(PodContext context, PodDirectories directories, TimeProvider time, ImageVolumes? images = null, IPodReporter? reporter = null)
    : IDisposable
{
    private const UnixFileMode Everyone = (UnixFileMode)0x1ff;

    private readonly ConcurrentDictionary<string, AtomicDirectory> _made = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _paths = new(StringComparer.Ordinal);

    // One at a time: several containers may start, and an object may change, at once.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Makes what is not there yet. <see cref="VolumeException"/> (naming the volume) when something is missing.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await PrepareImagesAsync(cancellationToken);
            Prepare();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes what has changed in ConfigMaps, Secrets and tokens. A volume that cannot be made now stays as it is.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Refresh();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Where a volume is on this node, or null while it is not made.</summary>
    public string? PathOf(string volume) => _paths.GetValueOrDefault(volume);

    /// <summary>The mounts of one container. <see cref="ContainerStartException"/> for a subPath that cannot be.</summary>
    public IReadOnlyList<Mount> MountsFor(ContainerView container, IReadOnlyDictionary<string, string> environment)
    {
        List<Mount> mounts = [];
        foreach (VolumeMountView mount in container.VolumeMounts)
        {
            VolumeView? volume = context.Pod.Spec.Volumes.FirstOrDefault(candidate => candidate.Name == mount.Name);
            if (volume is null || !_paths.TryGetValue(mount.Name, out string? root))
            {
                throw new ContainerStartException("CreateContainerConfigError", $"volume \"{mount.Name}\" is not there");
            }

            string subPath = mount.SubPathExpr.Length > 0
                ? Expansion.Expand(mount.SubPathExpr, environment.GetValueOrDefault)
                : mount.SubPath;
            bool readOnly = mount.ReadOnly || _made.ContainsKey(mount.Name) || volume.PersistentVolumeClaim?.ReadOnly == true;
            mounts.Add(volume.Image is null
                ? new Mount(SubPath(root, subPath, volume), mount.MountPath, readOnly)
                : new Mount(root, mount.MountPath, ReadOnly: true) { PathInImage = "/" + subPath });
        }

        return mounts;
    }

    /// <summary>
    /// The mounts that <see cref="MountsFor"/> will give, told before the pod's objects are there; null where that cannot be told. Their
    /// directories are made, what belongs in them comes later.
    /// </summary>
    public IReadOnlyList<Mount>? Foresee(ContainerView container)
    {
        List<Mount> mounts = [];
        foreach (VolumeMountView mount in container.VolumeMounts)
        {
            VolumeView? volume = context.Pod.Spec.Volumes.FirstOrDefault(candidate => candidate.Name == mount.Name);
            if (volume is null || mount.SubPath.Length > 0 || mount.SubPathExpr.Length > 0)
            {
                return null;
            }

            if (volume.HostPath is { } host)
            {
                mounts.Add(new Mount(HostPaths.Check(host), mount.MountPath, mount.ReadOnly));
                continue;
            }

            bool hasFiles = volume.ConfigMap is not null || volume.Secret is not null || volume.Projected is not null || volume.DownwardAPI is not null;
            if (!hasFiles && volume.EmptyDir is null)
            {
                return null;
            }

            string root = hasFiles ? RootOfFiles(volume) : RootOf(volume.Name, volume.EmptyDir!);
            Directory.CreateDirectory(root, AtomicDirectory.Passable);
            mounts.Add(new Mount(root, mount.MountPath, mount.ReadOnly || hasFiles));
        }

        return mounts;
    }

    private string RootOfFiles(VolumeView volume)
    {
        bool isPublic = volume.ConfigMap is not null || volume.DownwardAPI is not null;
        return Path.Combine(isPublic ? directories.Local : directories.Memory, "volumes", volume.Name);
    }

    private string RootOf(string volume, EmptyDirView empty) =>
        Path.Combine(empty.Medium == "Memory" ? directories.Memory : directories.Pod, "volumes", volume);

    private async ValueTask PrepareImagesAsync(CancellationToken cancellationToken)
    {
        foreach (VolumeView volume in context.Pod.Spec.Volumes)
        {
            if (volume.Image is { } image && !_paths.ContainsKey(volume.Name))
            {
                _paths[volume.Name] = images is null
                    ? throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : the pod's runtime has no images")
                    : await images.GetAsync(volume.Name, image, cancellationToken);
            }
        }
    }

    private void Prepare()
    {
        foreach (VolumeView volume in context.Pod.Spec.Volumes)
        {
            if (_paths.ContainsKey(volume.Name))
            {
                continue;
            }

            try
            {
                _paths[volume.Name] = Make(volume);
            }
            catch (Exception exception) when (exception is VolumeException or IOException or UnauthorizedAccessException or FormatException)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {exception.Message}");
            }
        }
    }

    private void Refresh()
    {
        foreach (VolumeView volume in context.Pod.Spec.Volumes)
        {
            if (!_made.TryGetValue(volume.Name, out AtomicDirectory? directory))
            {
                continue;
            }

            try
            {
                if (VolumeFiles.Make(context, volume) is { } files)
                {
                    directory.Write(files);
                }
            }
            catch (Exception exception) when (exception is VolumeException or IOException or FormatException)
            {
                // As kubelet: an object that has gone away leaves the last content in place.
            }
        }
    }

    private string Make(VolumeView volume)
    {
        if (VolumeFiles.Make(context, volume) is { } files)
        {
            string root = RootOfFiles(volume);
            AtomicDirectory directory = new(root, time);
            directory.Write(files);
            _made[volume.Name] = directory;
            return root;
        }

        if (volume.EmptyDir is { } empty)
        {
            string root = RootOf(volume.Name, empty);
            Directory.CreateDirectory(root);
            File.SetUnixFileMode(root, Everyone);
            return Own(root, volume.Name);
        }

        if (volume.HostPath is { } host)
        {
            return HostPaths.Check(host);
        }

        return volume.PersistentVolumeClaim is { } claim ? MakeClaim(claim.ClaimName)
            : volume.Ephemeral is not null ? MakeClaim($"{context.Pod.Metadata.Name}-{volume.Name}")
            : throw new VolumeException("no volume plugin matched");
    }

    /// <summary>By fsGroup. A node that cannot do it says so, and the pod sees how far it gets.</summary>
    private string Own(string directory, string volume)
    {
        if (VolumeGroup.Apply(directory, context.Pod.Spec) is { } problem)
        {
            reporter?.Event("Warning", "FsGroupIgnored", $"Volume {volume} keeps its owner: {problem}", "");
        }

        return directory;
    }

    private string MakeClaim(string claim)
    {
        string name = context.Objects.FindClaim(claim)?.Spec.VolumeName ?? "";
        if (name.Length == 0)
        {
            throw new VolumeException($"PersistentVolumeClaim \"{claim}\" is not bound");
        }

        PersistentVolumeSpecView? spec = context.Objects.FindVolume(name)?.Spec;
        return spec?.HostPath is { } host ? Own(HostPaths.Check(host, isPrivate: true), claim)
            : spec?.Local is { } local ? HostPaths.Check(new HostPathView { Path = local.Path, Type = "Directory" })
            : throw new VolumeException($"PersistentVolume \"{name}\" has no source that works here (hostPath, local)");
    }

    // A missing subPath becomes a directory, as in kubelet; one that leads out of the volume is refused.
    private string SubPath(string root, string subPath, VolumeView volume)
    {
        if (subPath.Length == 0)
        {
            return root;
        }

        if (subPath.StartsWith('/') || subPath.Split('/').Contains(".."))
        {
            throw new ContainerStartException("CreateContainerConfigError", $"subPath \"{subPath}\" must stay inside volume \"{volume.Name}\"");
        }

        string path = Path.Combine(root, subPath);
        if (!File.Exists(path) && !Directory.Exists(path) && !_made.ContainsKey(volume.Name))
        {
            Directory.CreateDirectory(path);
        }

        return _made.ContainsKey(volume.Name) ? RealPath(root, subPath) : path;
    }

    // Through ..data to the file of this moment: a bind of a link would follow it in the container, where it leads nowhere.
    private static string RealPath(string root, string subPath)
    {
        string data = new FileInfo(Path.Combine(root, "..data")).LinkTarget ?? "";
        string path = Path.Combine(root, data, subPath);
        return File.Exists(path) || Directory.Exists(path)
            ? path
            : throw new ContainerStartException("CreateContainerConfigError", $"failed to prepare subPath \"{subPath}\": no such file");
    }
}
