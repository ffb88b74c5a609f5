using System.Text.Json;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>Names a kind, as schemas and operations say which kind they are about.</summary>
internal sealed record GroupVersionKind(string Group, string Version, string Kind)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("group", Group);
        writer.WriteString("kind", Kind);
        writer.WriteString("version", Version);
        writer.WriteEndObject();
    }
}
