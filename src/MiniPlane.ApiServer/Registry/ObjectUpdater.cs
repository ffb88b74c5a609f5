using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Changes objects (registry.Store.Update over GuaranteedUpdate): the change is computed against the newest state, and again when
/// the state moved meanwhile, unless the caller insisted on a resourceVersion. A change that changes nothing writes nothing.
/// </summary>
internal sealed class ObjectUpdater(
    StoreAccess access, ObjectCreator creator, AdmissionChain admission, TimeProvider time)
{
    // Each lost race means that another write got through, so this many in a row is a livelock, not bad luck.
    private const int Attempts = 200;

    public async ValueTask<WriteResult> UpdateAsync(UpdateCall call, CancellationToken cancellationToken)
    {
        KindDefinition kind = call.Kind;
        KindDefinition stored = access.WorkingKind(kind);
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            await access.PrepareAsync(stored, call.Key, cancellationToken);
            ObjectDocument? current = access.FindWorking(stored, call.Key);
            if (current is null)
            {
                return await CreateInsteadAsync(call, cancellationToken);
            }

            JsonObject live = Live(call, current, stored);
            JsonObject obj = await TransformedAsync(call, current, stored, live, cancellationToken);
            CheckIdentity(call, obj, current);
            CheckPreconditions(kind, obj, current);

            // Nobody looks at the live object again, so it serves as the old one where both are of one version.
            JsonObject old = ReferenceEquals(kind, stored) ? live : current.ToJson();
            if (await TryUpdateAsync(call, stored, current, obj, old, cancellationToken) is { } document)
            {
                return new WriteResult(VersionConversions.Convert(document, stored, kind), false);
            }
        }

        throw ApiErrors.ModifiedConflict(kind, call.Key.Name);
    }

    private async ValueTask<WriteResult> CreateInsteadAsync(UpdateCall call, CancellationToken cancellationToken)
    {
        if (call.CreateInstead is null || call.Subresource is not null)
        {
            throw ApiErrors.NotFound(call.Kind, call.Key.Name);
        }

        return await creator.CreateAsync(call.Kind, call.Key, call.CreateInstead(), call.Scope, cancellationToken);
    }

    private static JsonObject Live(UpdateCall call, ObjectDocument current, KindDefinition stored)
    {
        JsonObject live = current.ToJson();
        VersionConversions.Convert(live, stored, call.Kind);
        return live;
    }

    private async ValueTask<JsonObject> TransformedAsync(
        UpdateCall call, ObjectDocument current, KindDefinition stored, JsonObject live, CancellationToken cancellationToken)
    {
        JsonObject obj = await call.Transform(call.IsTransformPure ? live : Live(call, current, stored));
        if (!call.IsOwnershipKnown)
        {
            await FieldManagement.TrackUpdateAsync(call, live, obj, time.GetUtcNow(), access, cancellationToken);
        }

        return obj;
    }

    private static void CheckIdentity(UpdateCall call, JsonObject obj, ObjectDocument current)
    {
        JsonObject metadata = obj.Ensure("metadata");
        string name = metadata.TextOrEmpty("name");
        if (name.Length == 0)
        {
            metadata["name"] = call.Key.Name;
        }
        else if (name != call.Key.Name)
        {
            throw ApiErrors.BadRequest(
                $"the name of the object ({name}) does not match the name on the URL ({call.Key.Name})");
        }

        string ns = metadata.TextOrEmpty("namespace");
        if (ns.Length == 0 && call.Key.Namespace.Length > 0)
        {
            metadata["namespace"] = call.Key.Namespace;
        }
        else if (ns != call.Key.Namespace)
        {
            throw ApiErrors.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request");
        }

        if (metadata.TextOrEmpty("uid") is { Length: > 0 } uid && uid != current.Metadata.Uid)
        {
            throw ApiErrors.Conflict(
                call.Kind,
                call.Key.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Metadata.Uid}");
        }
    }

    private static void CheckPreconditions(KindDefinition kind, JsonObject obj, ObjectDocument current)
    {
        string version = obj.TextOrEmpty("metadata", "resourceVersion");
        if (version is "" or "0")
        {
            DocumentRules.CheckUnconditional(kind, current.Metadata.Name);
            return;
        }

        if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long revision))
        {
            var errors = new FieldErrors();
            errors.Invalid("metadata.resourceVersion", version, "must be specified for an update");
            throw ApiErrors.Invalid(kind, current.Metadata.Name, errors.Causes);
        }

        if (revision != current.Revision)
        {
            throw ApiErrors.ModifiedConflict(kind, current.Metadata.Name);
        }
    }

    private async ValueTask<ObjectDocument?> TryUpdateAsync(
        UpdateCall call,
        KindDefinition stored,
        ObjectDocument current,
        JsonObject wanted,
        JsonObject old,
        CancellationToken cancellationToken)
    {
        VersionConversions.Convert(wanted, call.Kind, stored);
        JsonObject obj = PartialUpdates.Restrict(stored, call.Subresource, wanted, old);
        MetadataRules.CarryOver(obj, old);
        await admission.AdmitAsync(Request(call, stored, obj, old), cancellationToken);
        DocumentRules.PrepareForUpdate(stored, obj, old, call.Subresource);
        Generations.Carry(stored, obj, old, call.Subresource);
        DocumentRules.ValidateUpdate(stored, call.Kind, obj, old, call.Subresource);
        AdmissionRequest final = Request(call, stored, obj, old);
        try
        {
            await admission.ValidateAsync(final, cancellationToken);
            return await StoreAsync(call, stored, current, obj, old, cancellationToken);
        }
        finally
        {
            final.Finished?.Invoke();
        }
    }

    private async ValueTask<ObjectDocument?> StoreAsync(
        UpdateCall call,
        KindDefinition stored,
        ObjectDocument current,
        JsonObject obj,
        JsonObject old,
        CancellationToken cancellationToken)
    {
        old.Ensure("metadata").Remove("resourceVersion");
        bool isDelete = IsLastWordOfDeletion(stored, obj);
        if (!isDelete && IsUnchanged(obj, old) && !access.IsStale(stored, call.Key))
        {
            return current;
        }

        return call.Scope.DryRun
            ? StoreAccess.Unsaved(obj, current.Revision)
            : await access.TryWriteAsync(stored, call.Key, current.Revision, obj, isDelete, call.Scope, cancellationToken);
    }

    // managedFields come last: they are costly to compare, and hardly ever differ alone.
    private static bool IsUnchanged(JsonObject obj, JsonObject old) =>
        AreSame(obj, old, "metadata")
        && obj["metadata"] is JsonObject metadata && old["metadata"] is JsonObject before
        && AreSame(metadata, before, "managedFields")
        && metadata["managedFields"].SameAs(before["managedFields"]);

    private static bool AreSame(JsonObject left, JsonObject right, string aside) =>
        left.Count == right.Count
        && left.All(entry => entry.Key == aside || (right.TryGetPropertyValue(entry.Key, out JsonNode? other) && entry.Value.SameAs(other)));

    /// <summary>The update took the last finalizer from an object whose grace is over (ShouldDeleteDuringUpdate).</summary>
    private static bool IsLastWordOfDeletion(KindDefinition kind, JsonObject obj) =>
        obj.Has("metadata", "deletionTimestamp")
        && obj.Array("metadata", "finalizers") is null or { Count: 0 }
        && obj.Integer("metadata", "deletionGracePeriodSeconds") is null or 0
        && !(kind.IsNamespace() && obj.Array("spec", "finalizers") is { Count: > 0 });

    private static AdmissionRequest Request(UpdateCall call, KindDefinition kind, JsonObject obj, JsonObject old) => new()
    {
        Kind = kind,
        RequestKind = call.Kind,
        Key = call.Key,
        Operation = AdmissionOperation.Update,
        Subresource = call.Subresource,
        Object = obj,
        OldObject = old,
        User = call.Scope.User,
        DryRun = call.Scope.DryRun,
        Options = call.Scope.Options,
        Warnings = call.Scope.Warnings,
        AuditAnnotations = call.Scope.AuditAnnotations,
    };
}
