using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Where a webhook is asked, by URL or by service (k8s.io/apiserver/pkg/util/webhook, validation).</summary>
internal static class WebhookClientRules
{
    private const string Form = "; desired format: https://host[/path]";

    public static void Check(JsonObject? client, string path, FieldErrors errors)
    {
        bool hasUrl = client.Has("url");
        if (hasUrl == client.Has("service"))
        {
            errors.Required(path, "exactly one of url or service is required");
        }
        else if (hasUrl)
        {
            Address(client.TextOrEmpty("url"), $"{path}.url", errors);
        }
        else
        {
            Service(client.Object("service"), $"{path}.service", errors);
        }
    }

    private static void Address(string text, string field, FieldErrors errors)
    {
        if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? url))
        {
            errors.Required(field, "url must be a valid URL: it cannot be read" + Form);
            return;
        }

        string scheme = url.IsAbsoluteUri ? url.Scheme : "";
        if (scheme != "https")
        {
            errors.Invalid(field, scheme, "'https' is the only allowed URL scheme" + Form);
        }

        if (!url.IsAbsoluteUri || url.Host.Length == 0)
        {
            errors.Invalid(field, "", "host must be specified" + Form);
            return;
        }

        Empty(url.UserInfo, field, "user information is not permitted in the URL", errors);
        Empty(url.Fragment.TrimStart('#'), field, "fragments are not permitted in the URL", errors);
        Empty(url.Query.TrimStart('?'), field, "query parameters are not permitted in the URL", errors);
    }

    private static void Empty(string part, string field, string text, FieldErrors errors)
    {
        if (part.Length > 0)
        {
            errors.Invalid(field, part, text);
        }
    }

    private static void Service(JsonObject? service, string path, FieldErrors errors)
    {
        errors.RequiredText(service, "name", path);
        errors.RequiredText(service, "namespace", path);
        if (service.Integer("port") is { } port && Formats.PortNumber(port) is { } wrong)
        {
            errors.Invalid($"{path}.port", port, $"port is not valid: {wrong}");
        }

        if (service.TextOrEmpty("path") is { Length: > 0 } text && text != "/")
        {
            Path(text, $"{path}.path", errors);
        }
    }

    private static void Path(string text, string field, FieldErrors errors)
    {
        if (text[0] != '/')
        {
            errors.Invalid(field, text, "must start with a '/'");
        }

        string[] segments = text[1..].Split('/');
        int count = segments.Length > 1 && segments[^1].Length == 0 && text != "//" ? segments.Length - 1 : segments.Length;
        for (int index = 0; index < count; index++)
        {
            if (segments[index].Length == 0)
            {
                errors.Invalid(field, text, $"segment[{index}] may not be empty");
            }
            else if (Formats.DnsSubdomain(segments[index]) is { } wrong)
            {
                errors.Invalid(field, text, $"segment[{index}]: {wrong}");
            }
        }
    }
}
