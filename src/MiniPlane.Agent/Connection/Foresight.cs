using System.Text.Json;
using Google.Protobuf;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>
/// What is begun before the control plane has said what the pod is: the namespaces and mounts of its first container, by what the pod was
/// when its job was submitted. Nothing of the pod runs in them until it has been assigned. Any doubt means that nothing is begun.
/// </summary>
internal sealed class Foresight(PodDirectories directories, EarlySandbox sandbox) : IAsyncDisposable
{
    public PodDirectories Directories => directories;

    public EarlySandbox Sandbox => sandbox;

    /// <summary>Closes what nobody took, and leaves nothing of it on the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        directories.RemoveLocal();
    }

    /// <summary>Begins, or returns null when this pod's start is not foreseen.</summary>
    public static Foresight? Begin(AgentConfiguration configuration, LaunchThread launch, TimeProvider time)
    {
        try
        {
            string file = Path.Combine(configuration.PodDirectory, AgentConfiguration.ForeseenFileName);
            return File.Exists(file) ? Begin(configuration, PodAssignment.Parser.ParseFrom(File.ReadAllBytes(file)), launch, time) : null;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or JsonException or RuntimeMissingException
            or ImagePullException or VolumeException or ContainerStartException or IOException or UnauthorizedAccessException)
        {
            // The start that is to come meets it again, and tells.
            return null;
        }
    }

    private static Foresight? Begin(
        AgentConfiguration configuration, PodAssignment assignment, LaunchThread launch, TimeProvider time)
    {
        if (JsonSerializer.Deserialize(assignment.PodJson.Span, PodJson.Default.PodView) is not { Spec: { InitContainers.Count: 0 } spec } pod
            || spec.ShareProcessNamespace == true
            || JobTasks.HasManyNodes
            || spec.Containers is not [var container, ..]
            || RuntimeChoice.Make(pod, configuration.Settings, assignment.Site, launch, time) is not ApptainerRuntime runtime
            || ImageReference.TryParse(container.Image) is not { } reference)
        {
            return null;
        }

        var directories = PodDirectories.Create(configuration.PodDirectory, configuration.PodUid, configuration.Settings.LocalDirectory);
        PodContext context = MakeContext(pod);
        using PodVolumes volumes = new(context, directories, time);
        if (SifCache.Peek(RuntimeChoice.ImageCache(assignment.Site, directories), reference) is not { } image || volumes.Foresee(container) is not { } own)
        {
            return null;
        }

        new LiveFile(Path.Combine(directories.Files, "hosts")).Write("");
        new LiveFile(Path.Combine(directories.Files, "resolv.conf")).Write("");
        ContainerSetups.MakeMessageFile(directories, container);
        int run = Wire.Logs.LogFiles.Runs(directories.Pod, container.Name) is [.., var last] ? last + 1 : 0;
        IReadOnlyList<Mount> mounts = ContainerSetups.Mounts(RuntimeChoice.SiteMounts(assignment.Site), directories, container, own);
        ContainerSetup outline = ContainerSetups.Outline(context, directories, mounts, container, image, run);
        return new Foresight(directories, runtime.Begin(outline));
    }

    // Nothing that is made early is made from what is not there yet.
    private static PodContext MakeContext(PodView pod) => new()
    {
        Pod = pod,
        Objects = new PodObjects(),
        ServiceEnvironment = new Dictionary<string, string>(StringComparer.Ordinal),
        PodIp = "",
        HostIp = "",
        ClusterDomain = "",
        DnsServer = "",
        Capacity = new NodeCapacity("", ""),
    };
}
