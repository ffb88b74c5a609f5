using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Who manages which field of an object, kept with every write (server-side apply).</summary>
internal static class FieldManagement
{
    private static readonly FieldSet Nothing = new();
    private static readonly FieldSet Status = Fields("f:status");
    private static readonly FieldSet Spec = Fields("f:spec");

    /// <summary>A new object's fields belong to the manager that wrote them.</summary>
    public static void TrackCreate(KindDefinition kind, JsonObject obj, WriteScope scope, DateTimeOffset now)
    {
        if (obj.Array("metadata", "managedFields") is null)
        {
            FieldOwnership.Track(kind.Type, null, obj, Manager(kind, scope, null), Ignored(kind, null), now);
        }
    }

    /// <summary>Changed fields change hands.</summary>
    public static void TrackUpdate(UpdateCall call, JsonObject live, JsonObject obj, DateTimeOffset now) =>
        FieldOwnership.Track(
            call.Kind.Type,
            live,
            obj,
            Manager(call.Kind, call.Scope, call.Subresource),
            Ignored(call.Kind, call.Subresource),
            now);

    /// <summary>Merges an apply configuration; <paramref name="live"/> is null when there is no object yet.</summary>
    public static JsonObject Apply(
        KindDefinition kind,
        JsonObject? live,
        JsonObject configuration,
        string? subresource,
        WriteScope scope,
        DateTimeOffset now) => FieldOwnership.Apply(
            kind.Type, live, configuration, Manager(kind, scope, subresource), Ignored(kind, subresource), scope.Force, now);

    private static FieldManager Manager(KindDefinition kind, WriteScope scope, string? subresource) =>
        new(scope.FieldManager.Length > 0 ? scope.FieldManager : "unknown", kind.ApiVersion, subresource ?? "");

    // What the endpoint does not write cannot be owned through it (the strategies' GetResetFields).
    private static FieldSet Ignored(KindDefinition kind, string? subresource) => subresource switch
    {
        null when kind.HasSubresource("status") => Status,
        "status" => Spec,
        _ => Nothing,
    };

    private static FieldSet Fields(string element) => FieldSet.FromJson(new JsonObject { [element] = new JsonObject() });
}
