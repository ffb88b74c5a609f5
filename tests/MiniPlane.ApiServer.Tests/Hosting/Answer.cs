using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Hosting;

/// <summary>What the server answered.</summary>
public sealed record Answer(int Code, JsonNode? Json, string Text, IReadOnlyList<string> Warnings)
{
    public string Reason => Json.TextOrEmpty("reason");

    public string Message => Json.TextOrEmpty("message");

    public string ResourceVersion => Json.TextOrEmpty("metadata", "resourceVersion");
}
