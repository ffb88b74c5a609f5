using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of custom resource definitions and aggregated APIs.</summary>
internal static class ExtensionDefaults
{
    private const long HttpsPort = 443;

    public static void CustomResourceDefinition(JsonObject definition)
    {
        JsonObject spec = definition.Ensure("spec");
        spec.Default("conversion", new JsonObject { ["strategy"] = "None" });
        spec.Object("conversion", "webhook", "clientConfig", "service")?.Default("port", HttpsPort);
        JsonObject names = spec.Ensure("names");
        if (names.TextOrEmpty("kind") is { Length: > 0 } kind)
        {
            names.DefaultText("listKind", kind + "List");
            names.DefaultText("singular", kind.ToLowerInvariant());
        }
    }

    public static void ApiService(JsonObject service) => service.Ensure("spec").Object("service")?.Default("port", HttpsPort);
}
