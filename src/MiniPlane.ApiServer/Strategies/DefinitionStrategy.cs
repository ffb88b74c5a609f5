using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>Custom resource definitions: a version that becomes the storage version is remembered as stored.</summary>
internal static class DefinitionStrategy
{
    public static void PrepareForUpdate(JsonObject definition, JsonObject old)
    {
        _ = old;
        JsonArray stored = definition.Ensure("status").EnsureArray("storedVersions");
        foreach (JsonObject version in definition.Objects("spec", "versions"))
        {
            string name = version.TextOrEmpty("name");
            if (version.Flag("storage") == true && !definition.Texts("status", "storedVersions").Contains(name, StringComparer.Ordinal))
            {
                stored.Add((JsonNode)name);
            }
        }
    }
}
