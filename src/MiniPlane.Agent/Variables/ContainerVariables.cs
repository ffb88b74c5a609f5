using System.Text;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Variables;

/// <summary>Makes a container's environment as kubelet does (makeEnvironmentVariables): envFrom, then env, then the services.</summary>
internal static class ContainerVariables
{
    /// <summary>The variables; <see cref="VariableException"/> when one refers to what is not there and is not optional.</summary>
    /// <param name="context">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="volume">Where a volume is on this node, or null for one that is not there.</param>
    public static IReadOnlyDictionary<string, string> Make(PodContext context, ContainerView container, Func<string, string?> volume)
    {
        Dictionary<string, string> result = new(StringComparer.Ordinal);
        foreach (EnvFromView source in container.EnvFrom)
        {
            AddAll(context, source, result);
        }

        IReadOnlyDictionary<string, string> services = context.ServiceEnvironment;
        foreach (EnvVarView variable in container.Env)
        {
            string? value = variable.ValueFrom is { } source
                ? source.FileKeyRef is { } file ? FromFile(file, volume) : Resolve(context, container, source)
                : Expansion.Expand(variable.Value, name => result.GetValueOrDefault(name) ?? services.GetValueOrDefault(name));
            if (value is not null)
            {
                result[variable.Name] = value;
            }
        }

        foreach ((string name, string value) in services)
        {
            result.TryAdd(name, value);
        }

        return result;
    }

    private static void AddAll(PodContext context, EnvFromView source, Dictionary<string, string> result)
    {
        if (source.ConfigMapRef is { } map)
        {
            DataObjectView? found = context.Objects.FindConfigMap(map.Name);
            Require(found, map.Optional, $"configmap \"{map.Name}\" not found");
            foreach ((string key, string value) in found?.Data ?? [])
            {
                result[source.Prefix + key] = value;
            }
        }

        if (source.SecretRef is { } secret)
        {
            DataObjectView? found = context.Objects.FindSecret(secret.Name);
            Require(found, secret.Optional, $"secret \"{secret.Name}\" not found");
            foreach ((string key, string value) in found?.Data ?? [])
            {
                result[source.Prefix + key] = Decode(value);
            }
        }
    }

    private static string? Resolve(PodContext context, ContainerView container, EnvVarSourceView source)
    {
        if (source.FieldRef is { } field)
        {
            return FieldReferences.Field(context, field.FieldPath)
                ?? throw new VariableException($"unsupported fieldPath: {field.FieldPath}");
        }

        if (source.ResourceFieldRef is { } resource)
        {
            return FieldReferences.Resource(context, resource, container)
                ?? throw new VariableException($"unsupported container resource: {resource.Resource}");
        }

        if (source.ConfigMapKeyRef is { } map)
        {
            return Key(context.Objects.FindConfigMap(map.Name), map, "configmap", "ConfigMap", context);
        }

        return source.SecretKeyRef is { } secret
            ? Key(context.Objects.FindSecret(secret.Name), secret, "secret", "Secret", context) is { } value ? Decode(value) : null
            : throw new VariableException("valueFrom has no source");
    }

    private static string? FromFile(FileKeyRefView reference, Func<string, string?> volume)
    {
        string? root = volume(reference.VolumeName);
        string path = Path.GetFullPath(Path.Combine(root ?? "/", reference.Path));
        if (root is null || !path.StartsWith(root + "/", StringComparison.Ordinal) || new FileInfo(path) is not { Exists: true, LinkTarget: null })
        {
            Require(null, reference.Optional, $"couldn't find file {reference.Path} in volume {reference.VolumeName}");
            return null;
        }

        if (EnvFile.Parse(File.ReadAllText(path)).TryGetValue(reference.Key, out string? value))
        {
            return value;
        }

        Require(null, reference.Optional, $"environment variable key \"{reference.Key}\" not found in file \"{reference.Path}\"");
        return null;
    }

    private static string? Key(DataObjectView? found, KeyRefView reference, string noun, string kind, PodContext context)
    {
        Require(found, reference.Optional, $"{noun} \"{reference.Name}\" not found");
        if (found?.Data.TryGetValue(reference.Key, out string? value) == true)
        {
            return value;
        }

        Require(
            null,
            reference.Optional,
            $"couldn't find key {reference.Key} in {kind} {context.Pod.Metadata.Namespace}/{reference.Name}");
        return null;
    }

    private static void Require(DataObjectView? found, bool? optional, string message)
    {
        if (found is null && optional != true)
        {
            throw new VariableException(message);
        }
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
