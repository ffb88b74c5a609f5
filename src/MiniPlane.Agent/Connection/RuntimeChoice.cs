using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>Picks what runs the pod's containers: Apptainer, or plain processes where the pod or the site wants that.</summary>
internal static class RuntimeChoice
{
    private const string Annotation = "miniplane.io/runtime";

    public static IContainerRuntime Make(
        PodView pod, AgentSettings settings, SiteSettings? site, LaunchThread launch, TimeProvider time)
    {
        string wanted = pod.Metadata.Annotations.GetValueOrDefault(Annotation, "");
        if (wanted == "host")
        {
            return new HostRuntime(launch);
        }

        string command = site?.Apptainer is { Length: > 0 } own ? own : "apptainer";
        if (ApptainerTools.Find(command, out string missing) is { } tools)
        {
            ApptainerRuntime once = new(tools, launch, time);
            return JobTasks.AreMany(pod) && ApptainerTools.Resolve("srun") is { } srun
                ? new TaskRuntime(once, tools, srun, pod.Metadata.Annotations.GetValueOrDefault(JobTasks.MpiAnnotation, ""), launch)
                : once;
        }

        return settings.AllowHostRuntime && wanted != "apptainer"
            ? new HostRuntime(launch)
            : throw new RuntimeMissingException($"{missing} was not found on {Environment.MachineName}, so that no container can be run");
    }

    /// <summary>Where the site keeps its images.</summary>
    public static string ImageCache(SiteSettings? site, PodDirectories directories) =>
        site?.ImageCache is { Length: > 0 } cache ? cache : Path.Combine(directories.Pod, "images");

    /// <summary>What every container of the site has.</summary>
    public static IReadOnlyList<Mount> SiteMounts(SiteSettings? site) => [.. (site?.BindPaths ?? []).Select(ParseBind)];

    /// <summary>source[:target[:ro]], as Apptainer's --bind has it.</summary>
    public static Mount ParseBind(string text)
    {
        string[] parts = text.Split(':');
        string target = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : parts[0];
        return new Mount(parts[0], target, parts.Length > 2 && parts[2] == "ro");
    }

    /// <summary>The status of a pod that could not begin.</summary>
    public static ReadOnlyMemory<byte> FailedStatus(PodView pod, string reason, string message, DateTimeOffset now)
    {
        JsonArray containers = [];
        foreach (ContainerView container in pod.Spec.Containers)
        {
            containers.Add((JsonNode)new JsonObject
            {
                ["name"] = container.Name,
                ["image"] = container.Image,
                ["imageID"] = "",
                ["restartCount"] = 0,
                ["ready"] = false,
                ["started"] = false,
                ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason } },
                ["lastState"] = new JsonObject(),
            });
        }

        JsonObject status = new()
        {
            ["phase"] = "Failed",
            ["reason"] = reason,
            ["message"] = message,
            ["startTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["containerStatuses"] = containers,
        };
        return Encoding.UTF8.GetBytes(status.ToJsonString());
    }
}
