using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>Namespaces (pkg/registry/core/namespace).</summary>
internal static class NamespaceStrategy
{
    private const string Finalizer = "kubernetes";

    /// <summary>Every namespace waits for its content to go before it goes.</summary>
    public static void PrepareForCreate(JsonObject ns)
    {
        JsonArray finalizers = ns.Ensure("spec").EnsureArray("finalizers");
        if (!ns.Texts("spec", "finalizers").Contains(Finalizer, StringComparer.Ordinal))
        {
            finalizers.Add((JsonNode)Finalizer);
        }
    }
}
