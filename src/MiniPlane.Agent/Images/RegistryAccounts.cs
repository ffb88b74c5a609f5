using System.Text;
using System.Text.Json;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Images;

/// <summary>Finds the account for a registry in the pod's imagePullSecrets.</summary>
internal static class RegistryAccounts
{
    /// <summary>The account of the pod's imagePullSecrets.</summary>
    public static RegistryAccount? Find(PodContext context, string registry) => Find(
        context.Pod.Spec.ImagePullSecrets.Select(secret => context.Objects.FindSecret(secret.Name)).OfType<DataObjectView>(), registry);

    /// <summary>The first account whose entry names the registry; entries may be URLs with a path, as docker login writes them.</summary>
    public static RegistryAccount? Find(IEnumerable<DataObjectView> secrets, string registry)
    {
        foreach (DataObjectView secret in secrets)
        {
            foreach ((string entry, DockerAuth auth) in Read(secret))
            {
                if (HostOf(entry) == (registry == "docker.io" ? "index.docker.io" : registry) || HostOf(entry) == registry)
                {
                    return auth.ToAccount();
                }
            }
        }

        return null;
    }

    private static Dictionary<string, DockerAuth> Read(DataObjectView secret)
    {
        try
        {
            if (secret.Data.TryGetValue(".dockerconfigjson", out string? config))
            {
                return JsonSerializer.Deserialize(Decode(config), ImageJson.Default.DockerConfig)?.Auths ?? [];
            }

            return secret.Data.TryGetValue(".dockercfg", out string? old)
                ? JsonSerializer.Deserialize(Decode(old), ImageJson.Default.DictionaryStringDockerAuth) ?? []
                : [];
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            // As kubelet: a secret that cannot be read gives no account.
            return [];
        }
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string HostOf(string entry)
    {
        int scheme = entry.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? entry : entry[(scheme + 3)..]).Split('/')[0];
    }
}
