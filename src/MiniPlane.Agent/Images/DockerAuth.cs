using System.Text;
using System.Text.Json.Serialization;

namespace MiniPlane.Agent.Images;

/// <summary>One registry's account in a Docker configuration.</summary>
internal sealed record DockerAuth
{
    [JsonPropertyName("auth")]
    public string? Auth { get; set; }

    [JsonPropertyName("username")]
    public string? Username { get; set; }

    [JsonPropertyName("password")]
    public string? Password { get; set; }

    /// <summary>User and password, from their fields or from base64 of both.</summary>
    public RegistryAccount? ToAccount()
    {
        if (Username is { Length: > 0 })
        {
            return new RegistryAccount(Username, Password ?? "");
        }

        Span<byte> bytes = new byte[(Auth?.Length ?? 0) + 4];
        if (string.IsNullOrEmpty(Auth) || !Convert.TryFromBase64String(Auth, bytes, out int length))
        {
            return null;
        }

        string[] parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
        return parts.Length == 2 ? new RegistryAccount(parts[0], parts[1]) : null;
    }
}
