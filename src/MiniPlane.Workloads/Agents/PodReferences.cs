using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>The ConfigMaps, Secrets and claims that a pod names; pure.</summary>
internal static class PodReferences
{
    public static IReadOnlySet<(string Kind, string Name)> Of(string podName, PodSpecView pod)
    {
        var found = new HashSet<(string Kind, string Name)>();
        foreach (ContainerView container in pod.AllContainers)
        {
            foreach (EnvView env in container.Env)
            {
                Add(found, "ConfigMap", env.ValueFrom?.ConfigMapKeyRef?.Name);
                Add(found, "Secret", env.ValueFrom?.SecretKeyRef?.Name);
            }

            foreach (EnvFromView source in container.EnvFrom)
            {
                Add(found, "ConfigMap", source.ConfigMapRef?.Name);
                Add(found, "Secret", source.SecretRef?.Name);
            }
        }

        foreach (VolumeView volume in pod.Volumes)
        {
            Add(found, "ConfigMap", volume.ConfigMap?.Name);
            Add(found, "Secret", volume.Secret?.SecretName);
            Add(found, "PersistentVolumeClaim", volume.PersistentVolumeClaim?.ClaimName);
            Add(found, "PersistentVolumeClaim", volume.Ephemeral is null ? null : $"{podName}-{volume.Name}");
            foreach (ProjectionView source in volume.Projected?.Sources ?? [])
            {
                Add(found, "ConfigMap", source.ConfigMap?.Name);
                Add(found, "Secret", source.Secret?.Name);
            }
        }

        foreach (NameView secret in pod.ImagePullSecrets)
        {
            Add(found, "Secret", secret.Name);
        }

        return found;
    }

    public static IEnumerable<TokenProjectionView> TokensOf(PodSpecView pod) => pod.Volumes
        .SelectMany(volume => volume.Projected?.Sources ?? [])
        .Select(source => source.ServiceAccountToken)
        .OfType<TokenProjectionView>();

    private static void Add(HashSet<(string Kind, string Name)> found, string kind, string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            found.Add((kind, name));
        }
    }
}
