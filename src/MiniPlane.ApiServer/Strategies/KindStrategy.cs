using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>A strategy put together from functions, so that the table of kinds can be read line by line.</summary>
internal sealed class KindStrategy : IKindStrategy
{
    public bool AllowsUnconditionalUpdate { get; init; } = true;

    /// <summary>What becomes of a new object's status; null leaves it as the client sent it.</summary>
    public Action<JsonObject>? Status { get; init; }

    public Action<JsonObject>? Create { get; init; }

    public Action<JsonObject, JsonObject>? Update { get; init; }

    public void PrepareForCreate(JsonObject obj)
    {
        Create?.Invoke(obj);
        Status?.Invoke(obj);
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old) => Update?.Invoke(obj, old);
}
