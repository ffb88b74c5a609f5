using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Every read and write of objects, for HTTP and for the server's own parts alike. Objects go in and come out in the version of
/// the kind that the caller names.
/// </summary>
internal sealed class ObjectRegistry(
    StoreAccess access,
    CollectionReader collections,
    ObjectCreator creator,
    ObjectUpdater updater,
    ObjectDeleter deleter,
    RegistryExtensions extensions,
    AdmissionChain admission,
    TimeProvider time)
{
    public StoreAccess Access => access;

    public CollectionReader Collections => collections;

    /// <summary>Creates the object in the namespace of <paramref name="place"/>; the body is taken over by the call.</summary>
    public async ValueTask<WriteResult> CreateAsync(
        KindDefinition kind, ObjectKey place, JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        JsonObject decoded = DocumentRules.Decode(kind, body, scope);
        if (extensions.FindVirtual(kind) is { } virtualKind)
        {
            if (place.Namespace.Length > 0)
            {
                decoded.Ensure("metadata")["namespace"] = place.Namespace;
            }

            return new WriteResult(
                StoreAccess.Unsaved(await virtualKind.CreateAsync(decoded, scope, cancellationToken), 0), true);
        }

        return await creator.CreateAsync(kind, place, decoded, scope, cancellationToken);
    }

    public ValueTask<WriteResult> ReplaceAsync(
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        string? subresource,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        if (subresource == ScaleSubresource.Name)
        {
            return ReplaceScaleAsync(kind, key, _ => body, scope, cancellationToken);
        }

        JsonObject decoded = DocumentRules.Decode(kind, (JsonObject)body.DeepClone(), scope);
        var call = new UpdateCall
        {
            Kind = kind,
            Key = key,
            Subresource = subresource,
            Scope = scope,
            IsTransformPure = true,
            Transform = _ => ValueTask.FromResult((JsonObject)decoded.DeepClone()),
            CreateInstead = kind.IsCreatedByPut() ? () => (JsonObject)decoded.DeepClone() : null,
        };
        return updater.UpdateAsync(call, cancellationToken);
    }

    public ValueTask<WriteResult> PatchAsync(
        KindDefinition kind,
        ObjectKey key,
        PatchType type,
        JsonNode patch,
        string? subresource,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        if (subresource == ScaleSubresource.Name)
        {
            KindDefinition scaleKind = ScaleSubresource.Kind(kind, access.Catalogue);
            if (type == PatchType.Apply)
            {
                return ApplyScaleAsync(kind, key, ObjectPatches.ReadConfiguration(scaleKind, key, patch, scope), scope, cancellationToken);
            }

            return ReplaceScaleAsync(
                kind, key, scale => ObjectPatches.Apply(scaleKind, type, scale, patch), scope, cancellationToken);
        }

        if (type == PatchType.Apply)
        {
            return ApplyAsync(kind, key, patch, subresource, scope, cancellationToken);
        }

        var call = new UpdateCall
        {
            Kind = kind,
            Key = key,
            Subresource = subresource,
            Scope = scope,
            Transform = current => ValueTask.FromResult(Patched(kind, key, type, current, patch, scope)),
        };
        return updater.UpdateAsync(call, cancellationToken);
    }

    private JsonObject Patched(KindDefinition kind, ObjectKey key, PatchType type, JsonObject current, JsonNode patch, WriteScope scope)
    {
        JsonObject patched = ObjectPatches.Apply(kind, type, current, patch);
        try
        {
            return DocumentRules.Decode(kind, patched, scope);
        }
        catch (ApiException wrong)
        {
            if (PatchRefusal.Of(wrong, kind, type, patch, () => PatchedAgain(kind, key, type, patch)) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    // Decoding took the patched object over; only a refusal wants to see it.
    private JsonObject PatchedAgain(KindDefinition kind, ObjectKey key, PatchType type, JsonNode patch) =>
        ObjectPatches.Apply(kind, type, access.Get(kind, key).ToJson(), patch);

    public ValueTask<DeleteResult> DeleteAsync(
        KindDefinition kind, ObjectKey key, DeleteQuery query, WriteScope scope, CancellationToken cancellationToken) =>
        deleter.DeleteAsync(kind, key, query, scope, cancellationToken);

    /// <summary>Calls a subresource that only knows create: binding, eviction, token.</summary>
    public async ValueTask<JsonObject> CreateSubresourceAsync(
        KindDefinition kind,
        ObjectKey key,
        string subresource,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        ICreateSubresource handler = extensions.FindSubresource(kind, subresource) ?? throw ApiErrors.NoSuchResource();
        if (kind.Subresources.FirstOrDefault(one => one.Name == subresource) is { } definition
            && access.Catalogue.FindKind(ApiVersion(definition), definition.Kind) is { } bodyKind)
        {
            DocumentRules.Report(bodyKind, ObjectDecoder.Decode(body, bodyKind, scope.DuplicateFields), scope);
        }

        await AdmitAsync(kind, key, subresource, body, scope, cancellationToken);
        return await handler.CreateAsync(this, kind, key, body, scope, cancellationToken);
    }

    // The body is what is created; the object it is for need not change.
    private async ValueTask AdmitAsync(
        KindDefinition kind,
        ObjectKey key,
        string subresource,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        var request = new AdmissionRequest
        {
            Kind = kind,
            Key = key,
            Operation = AdmissionOperation.Create,
            Subresource = subresource,
            Object = body,
            User = scope.User,
            DryRun = scope.DryRun,
            Options = scope.Options,
            Warnings = scope.Warnings,
            AuditAnnotations = scope.AuditAnnotations,
        };
        await admission.AdmitAsync(request, cancellationToken);
        await admission.ValidateAsync(request, cancellationToken);
    }

    private static string ApiVersion(SubresourceDefinition definition) =>
        definition.Group.Length == 0 ? definition.Version : $"{definition.Group}/{definition.Version}";

    private ValueTask<WriteResult> ApplyAsync(
        KindDefinition kind,
        ObjectKey key,
        JsonNode patch,
        string? subresource,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        JsonObject configuration = ObjectPatches.ReadConfiguration(kind, key, patch, scope);
        return ApplyAsync(kind, key, configuration, subresource, scope, cancellationToken);
    }

    private async ValueTask<WriteResult> ApplyScaleAsync(
        KindDefinition kind, ObjectKey key, JsonObject scale, WriteScope scope, CancellationToken cancellationToken)
    {
        JsonObject configuration = ScaleConfiguration.ForWorkload(kind, scale);
        WriteResult result = await ApplyAsync(kind, key, configuration, ScaleSubresource.Name, scope, cancellationToken);
        JsonObject answer = ScaleSubresource.Read(kind, result.Document.ToJson());
        return result with { Document = StoreAccess.Unsaved(answer, result.Document.Revision) };
    }

    private ValueTask<WriteResult> ApplyAsync(
        KindDefinition kind,
        ObjectKey key,
        JsonObject configuration,
        string? subresource,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        var call = new UpdateCall
        {
            Kind = kind,
            Key = key,
            Subresource = subresource,
            Scope = scope,
            IsOwnershipKnown = true,
            IsTransformPure = true,
            Transform = async current => Decoded(await FieldManagement.ApplyAsync(
                kind, current, configuration, subresource, scope, time.GetUtcNow(), new KindVersions(kind, access), cancellationToken)),
            CreateInstead = () => Decoded(FieldManagement.ApplyFirst(kind, configuration, subresource, scope, time.GetUtcNow())),
        };
        return updater.UpdateAsync(call, cancellationToken);

        JsonObject Decoded(JsonObject applied) => DocumentRules.Decode(kind, applied, scope with { Validation = FieldValidation.Ignore });
    }

    private async ValueTask<WriteResult> ReplaceScaleAsync(
        KindDefinition kind,
        ObjectKey key,
        Func<JsonObject, JsonObject> change,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        var call = new UpdateCall
        {
            Kind = kind,
            Key = key,
            Subresource = ScaleSubresource.Name,
            Scope = scope,
            Transform = current => ValueTask.FromResult(
                ScaleSubresource.Write(kind, current, Checked(change(ScaleSubresource.Read(kind, current))))),
        };
        WriteResult result = await updater.UpdateAsync(call, cancellationToken);
        JsonObject scale = ScaleSubresource.Read(kind, result.Document.ToJson());
        return result with { Document = StoreAccess.Unsaved(scale, result.Document.Revision) };

        JsonObject Checked(JsonObject wanted)
        {
            KindDefinition scaleKind = ScaleSubresource.Kind(kind, access.Catalogue);
            DecodedObject decoded = ObjectDecoder.Decode(wanted, scaleKind, scope.DuplicateFields);
            DocumentRules.Report(scaleKind, decoded, scope);
            return decoded.Json;
        }
    }
}
