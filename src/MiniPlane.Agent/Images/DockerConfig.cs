using System.Text.Json.Serialization;

namespace MiniPlane.Agent.Images;

/// <summary>The content of a kubernetes.io/dockerconfigjson Secret.</summary>
internal sealed record DockerConfig
{
    [JsonPropertyName("auths")]
    public Dictionary<string, DockerAuth> Auths { get; set; } = [];
}
