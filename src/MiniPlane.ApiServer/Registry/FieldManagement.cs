using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

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
    public static async ValueTask TrackUpdateAsync(
        UpdateCall call, JsonObject live, JsonObject obj, DateTimeOffset now, StoreAccess access, CancellationToken cancellationToken)
    {
        KindDefinition kind = call.Kind;
        FieldManager manager = Manager(kind, call.Scope, call.Subresource);
        FieldSet ignored = Ignored(kind, call.Subresource);
        try
        {
            await FieldOwnership.TrackAsync(
                kind.Type, live, obj, manager, ignored, now, new KindVersions(kind, access), cancellationToken);
        }
        catch (ApiException) when (StoreAccess.NeedsPreparation(kind))
        {
            // Nobody can say any longer who owns what, but the write itself need not fail for it (fieldmanager.UpdateNoErrors).
            obj.Ensure("metadata").Remove("managedFields");
        }
    }

    /// <summary>Merges an apply configuration into an object.</summary>
    public static ValueTask<JsonObject> ApplyAsync(
        KindDefinition kind,
        JsonObject live,
        JsonObject configuration,
        string? subresource,
        WriteScope scope,
        DateTimeOffset now,
        IVersionSource versions,
        CancellationToken cancellationToken) => FieldOwnership.ApplyAsync(
            kind.Type,
            live,
            configuration,
            Manager(kind, scope, subresource),
            Ignored(kind, subresource),
            scope.Force,
            now,
            versions,
            cancellationToken);

    /// <summary>The object that an apply configuration makes where there is none yet.</summary>
    public static JsonObject ApplyFirst(
        KindDefinition kind, JsonObject configuration, string? subresource, WriteScope scope, DateTimeOffset now) =>
        FieldOwnership.Apply(
            kind.Type, null, configuration, Manager(kind, scope, subresource), Ignored(kind, subresource), scope.Force, now);

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
