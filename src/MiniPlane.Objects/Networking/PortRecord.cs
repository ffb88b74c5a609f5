using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Networking;

/// <summary>A port of a Service or an EndpointSlice. <see cref="Name"/> is empty for an unnamed one, <see cref="Protocol"/> lower case.</summary>
public sealed record PortRecord(string Name, string Protocol, int Port)
{
    public static PortRecord From(JsonObject json) => new(
        json.TextOrEmpty("name"),
        (json.Text("protocol") ?? "TCP").ToLowerInvariant(),
        (int)(json.Integer("port") ?? 0));
}
