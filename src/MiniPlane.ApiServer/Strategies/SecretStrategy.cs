using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>Secrets: <c>stringData</c> is for writing only; it ends in <c>data</c> and wins there.</summary>
internal static class SecretStrategy
{
    public static void Prepare(JsonObject secret)
    {
        if (secret.Object("stringData") is { Count: > 0 } texts)
        {
            JsonObject data = secret.Ensure("data");
            foreach ((string key, JsonNode? text) in texts)
            {
                data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.TextOrEmpty()));
            }
        }

        secret.Remove("stringData");
    }
}
