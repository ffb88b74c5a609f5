using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Tests.Facts;

/// <summary>Names, types and numbers of the Kubernetes 1.36 API, taken from the published API.</summary>
internal static class ApiFacts
{
    public static JsonArray Resources => Read("resources.json").AsArray();

    public static JsonArray Tables => Read("tables.json").AsArray();

    public static JsonObject Types => Read("types.json").AsObject();

    private static JsonNode Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Facts", name);
        return JsonNode.Parse(File.ReadAllText(path)) ?? throw new InvalidDataException(path);
    }
}
