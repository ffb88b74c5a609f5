using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Deletes objects, or marks them as being deleted while finalizers or a pod's grace period hold them
/// (registry.Store.Delete and rest.BeforeDelete).
/// </summary>
internal sealed class ObjectDeleter(StoreAccess access, AdmissionChain admission, TimeProvider time)
{
    private const int Attempts = 200;

    // What decides of a deletion (DeletionPolicy), and what it changes.
    private static readonly KeptFields Decisive = new(
        "metadata", "spec.nodeName", "spec.terminationGracePeriodSeconds", "status.phase");

    public async ValueTask<DeleteResult> DeleteAsync(
        KindDefinition kind, ObjectKey key, DeleteQuery query, WriteScope scope, CancellationToken cancellationToken)
    {
        KindDefinition stored = access.WorkingKind(kind);
        bool isAdmitted = false;
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            await access.PrepareAsync(stored, key, cancellationToken);
            ObjectDocument current = access.FindWorking(stored, key) ?? throw ApiErrors.NotFound(kind, key.Name);
            CheckPreconditions(kind, current, query);
            if (!isAdmitted)
            {
                await AdmitAsync(kind, stored, current, scope, cancellationToken);
                isAdmitted = true;
            }

            if (await TryDeleteAsync(stored, current, query, scope, cancellationToken) is { } result)
            {
                return result with { Document = VersionConversions.Convert(result.Document, stored, kind) };
            }
        }

        throw ApiErrors.ModifiedConflict(kind, key.Name);
    }

    private static void CheckPreconditions(KindDefinition kind, ObjectDocument current, DeleteQuery query)
    {
        if (query.Uid is { Length: > 0 } uid && uid != current.Metadata.Uid)
        {
            throw Conflict(
                kind,
                current,
                $"the UID in the precondition ({uid}) does not match the UID in record ({current.Metadata.Uid}). "
                + "The object might have been deleted and then recreated");
        }

        if (query.Revision is { } revision && revision != current.Revision)
        {
            throw Conflict(
                kind,
                current,
                $"the ResourceVersion in the precondition ({revision}) does not match the ResourceVersion in record "
                + $"({current.ResourceVersion}). The object might have been modified");
        }
    }

    // Upstream names the kind, not the resource, in this one conflict.
    private static ApiException Conflict(KindDefinition kind, ObjectDocument current, string message) =>
        ApiErrors.Conflict(kind with { Plural = kind.Kind }, current.Metadata.Name, message);

    private async ValueTask AdmitAsync(
        KindDefinition kind, KindDefinition stored, ObjectDocument current, WriteScope scope, CancellationToken cancellationToken)
    {
        var request = new AdmissionRequest
        {
            Kind = stored,
            RequestKind = kind,
            Key = current.Key,
            Operation = AdmissionOperation.Delete,
            OldDocument = current,
            User = scope.User,
            DryRun = scope.DryRun,
            Options = scope.Options,
            Warnings = scope.Warnings,
            AuditAnnotations = scope.AuditAnnotations,
        };
        await admission.AdmitAsync(request, cancellationToken);
        await admission.ValidateAsync(request, cancellationToken);
    }

    private async ValueTask<DeleteResult?> TryDeleteAsync(
        KindDefinition kind, ObjectDocument current, DeleteQuery query, WriteScope scope, CancellationToken cancellationToken)
    {
        // Of most kinds a deletion writes the metadata alone, and the rest need not be taken apart.
        bool isWhole = scope.DryRun || kind.Custom is not null || kind.IsNamespace() || kind.IsCustomResourceDefinition();
        JsonObject obj = Unstamped(current, isWhole);
        SetFinalizers(obj, DeletionPolicy.Finalizers(kind, obj, query.PropagationPolicy));
        if (kind.IsCustomResourceDefinition())
        {
            InstanceRemoval.Begin(obj, time.GetUtcNow());
        }

        long grace = MarkDeleted(kind, obj, query);
        bool isHeld = grace > 0
            || obj.Array("metadata", "finalizers") is { Count: > 0 }
            || (kind.IsNamespace() && obj.Array("spec", "finalizers") is { Count: > 0 });
        if (isHeld && obj.SameAs(Unstamped(current, isWhole)))
        {
            return new DeleteResult(current, false);
        }

        if (scope.DryRun)
        {
            return new DeleteResult(StoreAccess.Unsaved(obj, current.Revision), !isHeld);
        }

        JsonObject last = isHeld || kind.IsPod() ? obj : Unstamped(current, isWhole);
        ObjectDocument? written = isWhole
            ? await access.TryWriteAsync(kind, current.Key, current.Revision, last, !isHeld, scope, cancellationToken)
            : await access.TryWriteAsync(
                kind, current.Key, current.Revision, DraftDocument.From(current, last.Ensure("metadata")), !isHeld, scope, cancellationToken);
        return written is null ? null : new DeleteResult(written, !isHeld);
    }

    private static JsonObject Unstamped(ObjectDocument current, bool isWhole)
    {
        JsonObject obj = isWhole ? current.ToJson() : Decisive.Read(current);
        obj.Ensure("metadata").Remove("resourceVersion");
        return obj;
    }

    private static void SetFinalizers(JsonObject obj, IReadOnlyList<string> finalizers)
    {
        if (finalizers.Count == 0)
        {
            obj.Ensure("metadata").Remove("finalizers");
        }
        else
        {
            obj.Ensure("metadata")["finalizers"] = new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))]);
        }
    }

    /// <summary>Sets or shortens the deletion time; returns the grace that is left to wait for.</summary>
    private long MarkDeleted(KindDefinition kind, JsonObject obj, DeleteQuery query)
    {
        JsonObject metadata = obj.Ensure("metadata");
        long grace = DeletionPolicy.GraceSeconds(kind, obj, query);
        if (Timestamps.Parse(metadata.Text("deletionTimestamp")) is { } earlier)
        {
            long before = metadata.Integer("deletionGracePeriodSeconds") ?? 0;
            bool isShorter = kind.IsPod() && before > 0 && grace < before && (query.GracePeriodSeconds is not null || grace == 0);
            if (!isShorter)
            {
                return before;
            }

            metadata["deletionTimestamp"] = Timestamps.Text(earlier + Durations.Seconds(grace - before));
            metadata["deletionGracePeriodSeconds"] = grace;
            return grace;
        }

        metadata["deletionTimestamp"] = Timestamps.Text(time.GetUtcNow() + Durations.Seconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
        if (kind.IsNamespace())
        {
            metadata.Remove("deletionGracePeriodSeconds");
            obj.Ensure("status")["phase"] = "Terminating";
        }

        Generations.RaiseForDeletion(obj);
        return grace;
    }
}
