using System.Text.Json.Serialization;

namespace MiniPlane.Agent.Images;

/// <summary>What a registry's token service answers (distribution's token specification).</summary>
internal sealed record RegistryToken
{
    [JsonPropertyName("token")]
    public string? Token { get; set; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; set; }
}
