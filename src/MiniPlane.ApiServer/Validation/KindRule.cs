using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>The rules of one kind, put together from functions.</summary>
internal sealed class KindRule
{
    /// <summary>Holds for every version of the object, new or changed.</summary>
    public Action<JsonObject, FieldErrors>? Object { get; init; }

    /// <summary>Holds for new objects only.</summary>
    public Action<JsonObject, FieldErrors>? New { get; init; }

    /// <summary>Holds for a change: (new, old).</summary>
    public Action<JsonObject, JsonObject, FieldErrors>? Change { get; init; }

    /// <summary>False where a change is judged by <see cref="Change"/> alone (stored objects may be older than a rule).</summary>
    public bool ChecksObjectOnUpdate { get; init; } = true;

    /// <summary>Rules of changes by a subresource: (name, new, old).</summary>
    public Action<string, JsonObject, JsonObject, FieldErrors>? Subresource { get; init; }

    public void Create(JsonObject obj, FieldErrors errors)
    {
        New?.Invoke(obj, errors);
        Object?.Invoke(obj, errors);
    }

    public void Update(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Change?.Invoke(obj, old, errors);
        if (ChecksObjectOnUpdate)
        {
            Object?.Invoke(obj, errors);
        }
    }

    public void UpdateSubresource(string subresource, JsonObject obj, JsonObject old, FieldErrors errors) =>
        Subresource?.Invoke(subresource, obj, old, errors);
}
