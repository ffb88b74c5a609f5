using System.Text;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Variables;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>What is in volumes made from objects: configMap, secret, downwardAPI and projected. Pure; messages are kubelet's.</summary>
internal static class VolumeFiles
{
    private const int DefaultMode = 0x1a4;

    /// <summary>The files of a volume; null when it is not made from objects.</summary>
    public static IReadOnlyDictionary<string, VolumeFile>? Make(PodContext context, VolumeView volume)
    {
        Dictionary<string, VolumeFile> files = new(StringComparer.Ordinal);
        if (volume.ConfigMap is { } map)
        {
            AddConfigMap(context, new ProjectedObjectView { Name = map.Name, Items = map.Items, Optional = map.Optional }, map.DefaultMode ?? DefaultMode, files);
        }
        else if (volume.Secret is { } secret)
        {
            AddSecret(context, new ProjectedObjectView { Name = secret.SecretName, Items = secret.Items, Optional = secret.Optional }, secret.DefaultMode ?? DefaultMode, files);
        }
        else if (volume.DownwardAPI is { } downward)
        {
            AddDownward(context, downward, downward.DefaultMode ?? DefaultMode, files);
        }
        else if (volume.Projected is { } projected)
        {
            AddProjected(context, projected, files);
        }
        else
        {
            return null;
        }

        return context.Pod.Spec.SecurityContext.FsGroup is null ? files : Readable(files);
    }

    // With an fsGroup kubelet lets that group read the files. Programs here have no such group, and nobody but the pod gets at the files.
    private static Dictionary<string, VolumeFile> Readable(Dictionary<string, VolumeFile> files) => files.ToDictionary(
        file => file.Key, file => file.Value with { Mode = file.Value.Mode | 0x124 }, StringComparer.Ordinal);

    private static void AddProjected(PodContext context, ProjectedVolumeView projected, Dictionary<string, VolumeFile> files)
    {
        int mode = projected.DefaultMode ?? DefaultMode;
        foreach (ProjectionView source in projected.Sources)
        {
            if (source.ConfigMap is { } map)
            {
                AddConfigMap(context, map, mode, files);
            }

            if (source.Secret is { } secret)
            {
                AddSecret(context, secret, mode, files);
            }

            if (source.DownwardAPI is { } downward)
            {
                AddDownward(context, downward, mode, files);
            }

            if (source.ServiceAccountToken is { } token)
            {
                string text = context.Objects.FindToken(token.Audience, token.ExpirationSeconds)
                    ?? throw new VolumeException("failed to fetch token: none has been issued yet");
                files[Safe(token.Path)] = new VolumeFile(Encoding.UTF8.GetBytes(text), mode);
            }
        }
    }

    private static void AddConfigMap(
        PodContext context, ProjectedObjectView source, int mode, Dictionary<string, VolumeFile> files)
    {
        if (context.Objects.FindConfigMap(source.Name) is not { } found)
        {
            Missing($"configmap \"{source.Name}\" not found", source.Optional);
            return;
        }

        Dictionary<string, byte[]> data = new(StringComparer.Ordinal);
        foreach ((string key, string value) in found.Data)
        {
            data[key] = Encoding.UTF8.GetBytes(value);
        }

        foreach ((string key, string value) in found.BinaryData)
        {
            data[key] = Convert.FromBase64String(value);
        }

        AddItems(data, source, mode, "configmap", files);
    }

    private static void AddSecret(
        PodContext context, ProjectedObjectView source, int mode, Dictionary<string, VolumeFile> files)
    {
        if (context.Objects.FindSecret(source.Name) is not { } found)
        {
            Missing($"secret \"{source.Name}\" not found", source.Optional);
            return;
        }

        AddItems(found.Data.ToDictionary(entry => entry.Key, entry => Convert.FromBase64String(entry.Value), StringComparer.Ordinal), source, mode, "secret", files);
    }

    private static void AddItems(
        Dictionary<string, byte[]> data,
        ProjectedObjectView source,
        int mode,
        string noun,
        Dictionary<string, VolumeFile> files)
    {
        if (source.Items is null)
        {
            foreach ((string key, byte[] content) in data)
            {
                files[key] = new VolumeFile(content, mode);
            }

            return;
        }

        foreach (KeyToPathView item in source.Items)
        {
            if (data.TryGetValue(item.Key, out byte[]? content))
            {
                files[Safe(item.Path)] = new VolumeFile(content, item.Mode ?? mode);
            }
            else
            {
                Missing($"{noun} references non-existent {(noun == "secret" ? "secret" : "config")} key: {item.Key}", source.Optional);
            }
        }
    }

    private static void AddDownward(PodContext context, DownwardVolumeView source, int mode, Dictionary<string, VolumeFile> files)
    {
        foreach (DownwardFileView item in source.Items)
        {
            string? value = item.FieldRef is { } field ? FieldReferences.Field(context, field.FieldPath)
                : item.ResourceFieldRef is { } resource ? FieldReferences.Resource(context, resource, container: null)
                : null;
            files[Safe(item.Path)] = new VolumeFile(
                Encoding.UTF8.GetBytes(value ?? throw new VolumeException($"unsupported downward API item for {item.Path}")),
                item.Mode ?? mode);
        }
    }

    private static void Missing(string message, bool? optional)
    {
        if (optional != true)
        {
            throw new VolumeException(message);
        }
    }

    // The API server refuses such paths; a control plane that did not must not make this program write elsewhere.
    private static string Safe(string path) =>
        path.Length > 0 && !path.StartsWith('/') && !path.Split('/').Contains("..")
            ? path
            : throw new VolumeException($"invalid path {path}");
}
