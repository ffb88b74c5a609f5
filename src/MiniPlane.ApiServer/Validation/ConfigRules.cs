using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>ConfigMaps and Secrets.</summary>
internal static class ConfigRules
{
    private const int SizeLimit = 1024 * 1024;
    private const string ServiceAccountName = "kubernetes.io/service-account.name";
    private const string Frozen = "field is immutable when `immutable` is set";

    public static void ConfigMap(JsonObject map, FieldErrors errors)
    {
        long size = 0;
        JsonObject binary = map.Object("binaryData") ?? [];
        foreach ((string key, JsonNode? value) in map.Object("data") ?? [])
        {
            errors.Format(key, $"data[{key}]", Formats.ConfigKey);
            if (binary.ContainsKey(key))
            {
                errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
            }

            size += Encoding.UTF8.GetByteCount(value.TextOrEmpty());
        }

        foreach ((string key, JsonNode? value) in binary)
        {
            errors.Format(key, $"binaryData[{key}]", Formats.ConfigKey);
            size += Base64Size(value.TextOrEmpty());
        }

        if (size > SizeLimit)
        {
            errors.TooLong("", SizeLimit);
        }
    }

    public static void Secret(JsonObject secret, FieldErrors errors)
    {
        long size = 0;
        foreach ((string key, JsonNode? value) in secret.Object("data") ?? [])
        {
            errors.Format(key, $"data[{key}]", Formats.ConfigKey);
            size += Base64Size(value.TextOrEmpty());
        }

        if (size > SizeLimit)
        {
            errors.TooLong("data", SizeLimit);
        }

        SecretType(secret, errors);
    }

    public static void ConfigMapChange(JsonObject map, JsonObject old, FieldErrors errors) =>
        WhenFrozen(map, old, ["data", "binaryData"], errors);

    public static void SecretChange(JsonObject secret, JsonObject old, FieldErrors errors)
    {
        errors.Unchanged(secret["type"], old["type"], "type");
        WhenFrozen(secret, old, ["data"], errors);
    }

    private static void WhenFrozen(JsonObject obj, JsonObject old, string[] fields, FieldErrors errors)
    {
        if (old.Flag("immutable") != true)
        {
            return;
        }

        if (obj.Flag("immutable") != true)
        {
            errors.Forbidden("immutable", Frozen);
        }

        foreach (string field in fields)
        {
            if (!obj[field].SameAs(old[field]))
            {
                errors.Forbidden(field, Frozen);
            }
        }
    }

    private static void SecretType(JsonObject secret, FieldErrors errors)
    {
        JsonObject data = secret.Object("data") ?? [];
        switch (secret.TextOrEmpty("type"))
        {
            case "kubernetes.io/service-account-token":
                if (secret.TextOrEmpty("metadata", "annotations", ServiceAccountName).Length == 0)
                {
                    errors.Required($"metadata.annotations[{ServiceAccountName}]");
                }

                break;
            case "kubernetes.io/dockercfg":
                Json(data, ".dockercfg", errors);
                break;
            case "kubernetes.io/dockerconfigjson":
                Json(data, ".dockerconfigjson", errors);
                break;
            case "kubernetes.io/basic-auth" when !data.ContainsKey("username") && !data.ContainsKey("password"):
                errors.Required("data[username]");
                errors.Required("data[password]");
                break;
            case "kubernetes.io/ssh-auth" when data.TextOrEmpty("ssh-privatekey").Length == 0:
                errors.Required("data[ssh-privatekey]");
                break;
            case "kubernetes.io/tls":
                foreach (string key in (ReadOnlySpan<string>)["tls.crt", "tls.key"])
                {
                    if (!data.ContainsKey(key))
                    {
                        errors.Required($"data[{key}]");
                    }
                }

                break;
            default:
                break;
        }
    }

    private static void Json(JsonObject data, string key, FieldErrors errors)
    {
        if (data.Text(key) is not { } base64)
        {
            errors.Required($"data[{key}]");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(base64));
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            errors.Invalid($"data[{key}]", "<secret contents redacted>", "not a JSON document");
        }
    }

    private static long Base64Size(string text) => (text.Length / 4 * 3) - text.AsSpan().Count('=');
}
