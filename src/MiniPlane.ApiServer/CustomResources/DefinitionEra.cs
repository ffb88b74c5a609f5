using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// The time in which a definition says one and the same. When it says something else, or goes, watches of its objects end: what they
/// would send may look different now (upstream tears down the storage).
/// </summary>
internal sealed class DefinitionEra(JsonObject definition) : IDisposable
{
    private readonly JsonNode? _spec = definition["spec"]?.DeepClone();
    private readonly JsonNode? _names = definition.At("status", "acceptedNames")?.DeepClone();
    private readonly CancellationTokenSource _end = new();

    public CancellationToken Ended => _end.Token;

    public bool Covers(JsonObject other) => other["spec"].SameAs(_spec) && other.At("status", "acceptedNames").SameAs(_names);

    /// <summary>Ends the era.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }
}
