using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Tests.Autoscaling;

/// <summary>Adapters that serve what a test says, by path; they note what they were asked.</summary>
internal sealed class FakeAdapters : IAggregatedGroups
{
    public ConcurrentDictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentDictionary<string, string[]> Versions { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> VersionsOf(string group) => Versions.GetValueOrDefault(group) ?? [];

    public ValueTask<JsonObject> GetAsync(string path, string serviceAccount, CancellationToken cancellationToken)
    {
        Asked.Enqueue($"{serviceAccount} {path}");
        return Answers.TryGetValue(path.Split('?')[0], out string? items)
            ? ValueTask.FromResult(new JsonObject { ["items"] = JsonNode.Parse(items) })
            : throw ApiErrors.NoSuchResource();
    }
}
