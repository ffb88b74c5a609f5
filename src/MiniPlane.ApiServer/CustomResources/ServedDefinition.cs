using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>What the served kinds of a definition depend on, to be compared: equal means that nothing has to be made again.</summary>
internal sealed record ServedDefinition(string Uid, long Generation, string AcceptedNames, string StoredVersions, bool IsTerminating)
{
    public static ServedDefinition Of(JsonObject definition) => new(
        definition.TextOrEmpty("metadata", "uid"),
        definition.Integer("metadata", "generation") ?? 0,
        definition.At("status", "acceptedNames").Compacted(),
        definition.At("status", "storedVersions").Compacted(),
        definition.Has("metadata", "deletionTimestamp"));
}
