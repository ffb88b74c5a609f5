using System.Text;
using System.Text.Json;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Images;

/// <summary>Finds the account for a registry in the pod's imagePullSecrets.</summary>
internal static class RegistryAccounts
{
    /// <summary>The accounts of the pod's imagePullSecrets for a repository, the closest match first.</summary>
    public static IReadOnlyList<RegistryAccount> Find(PodContext context, string registry, string repository) => Find(
        context.Pod.Spec.ImagePullSecrets.Select(secret => context.Objects.FindSecret(secret.Name)).OfType<DataObjectView>(), registry, repository);

    /// <summary>
    /// The accounts whose entries name the registry, and the repository or what it is below (kubelet's credentialprovider keyring):
    /// entries may have a * in a part of the host, and may be URLs as docker login writes them. Longer entries come first.
    /// </summary>
    public static IReadOnlyList<RegistryAccount> Find(IEnumerable<DataObjectView> secrets, string registry, string repository) =>
    [
        .. secrets.SelectMany(Read)
            .Where(entry => Names(entry.Key, registry, repository))
            .OrderByDescending(entry => entry.Key.Length)
            .Select(entry => entry.Value.ToAccount())
            .OfType<RegistryAccount>(),
    ];

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

    private static bool Names(string entry, string registry, string repository)
    {
        int scheme = entry.IndexOf("://", StringComparison.Ordinal);
        string[] parts = (scheme < 0 ? entry : entry[(scheme + 3)..]).TrimEnd('/').Split('/', 2);
        if (!HostFits(parts[0], registry) && !(registry == "docker.io" && parts[0] == "index.docker.io"))
        {
            return false;
        }

        // docker login writes the version of the protocol after the host.
        return parts.Length == 1
            || parts[1] is "v1" or "v2"
            || repository == parts[1]
            || repository.StartsWith(parts[1] + "/", StringComparison.Ordinal);
    }

    private static bool HostFits(string pattern, string host)
    {
        string[] wanted = pattern.Split('.');
        string[] given = host.Split('.');
        return wanted.Length == given.Length
            && wanted.Zip(given).All(part => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(part.First, part.Second));
    }
}
