using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>
/// One server that a configuration object names by <c>clientConfig</c> (admission webhooks, CRD conversion): where, through which
/// service, and whom to trust.
/// </summary>
internal sealed record CallTarget(Uri Url, bool IsService, OutboundTrust Trust)
{
    private const int HttpsPort = 443;

    /// <exception cref="OutboundException">It names neither a usable URL nor a service.</exception>
    public static CallTarget From(JsonObject? clientConfig)
    {
        var trust = new OutboundTrust(clientConfig.TextOrEmpty("caBundle"));
        if (clientConfig.Object("service") is { } service)
        {
            var reference = new ServiceReference(
                service.TextOrEmpty("namespace"),
                service.TextOrEmpty("name"),
                (int)(service.Integer("port") ?? HttpsPort));
            string path = service.TextOrEmpty("path").TrimStart('/');
            string url = string.Create(CultureInfo.InvariantCulture, $"https://{reference.Host}:{reference.Port}/{path}");
            return new CallTarget(Parse(url), true, trust);
        }

        return clientConfig.Text("url") is { Length: > 0 } given
            ? new CallTarget(Parse(given), false, trust)
            : throw new OutboundException("webhook configuration must have either service or URL");
    }

    /// <summary>The URL with one more query parameter.</summary>
    public Uri With(string parameter) =>
        new(Url.OriginalString + (Url.Query.Length > 0 ? "&" : "?") + parameter);

    private static Uri Parse(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        ? url
        : throw new OutboundException($"Unparsable webhook URL: {text}");
}
