using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources.Conversion;

/// <summary>Who converts objects between the versions of one definition (<c>spec.conversion.webhook</c>).</summary>
internal sealed record ConversionWebhook(JsonObject? ClientConfig, IReadOnlyList<string> ReviewVersions)
{
    /// <summary>Null when versions differ in nothing but their name.</summary>
    public static ConversionWebhook? Read(JsonObject definition)
    {
        JsonObject? conversion = definition.Object("spec", "conversion");
        return conversion.Text("strategy") == "Webhook"
            ? new ConversionWebhook(
                conversion.Object("webhook", "clientConfig")?.DeepClone() as JsonObject,
                [.. conversion.Texts("webhook", "conversionReviewVersions")])
            : null;
    }
}
