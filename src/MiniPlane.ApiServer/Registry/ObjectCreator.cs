using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Makes new objects: admit, name, stamp, validate, store (rest.Create and registry.Store.Create).</summary>
internal sealed class ObjectCreator(StoreAccess access, AdmissionChain admission, TimeProvider time)
{
    // Upstream tries a generated name eight times before it gives up (registry.Store.Create).
    private const int NameAttempts = 8;

    /// <summary>
    /// Creates <paramref name="body"/>, decoded and defaulted, which the call takes over, in the namespace of <paramref name="key"/>.
    /// </summary>
    public async ValueTask<WriteResult> CreateAsync(
        KindDefinition kind, ObjectKey key, JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        JsonObject metadata = body.Ensure("metadata");
        PlaceInNamespace(metadata, key.Namespace);
        if (metadata.TextOrEmpty("resourceVersion") is { Length: > 0 } and not "0")
        {
            throw ApiErrors.Unknown("resourceVersion should not be set on objects to be created");
        }

        FieldManagement.TrackCreate(kind, body, scope, time.GetUtcNow());
        KindDefinition stored = access.WorkingKind(kind);
        VersionConversions.Convert(body, kind, stored);
        key = key with { Name = metadata.TextOrEmpty("name") };
        await admission.AdmitAsync(Request(kind, stored, key, body, scope), cancellationToken);
        metadata = body.Ensure("metadata");
        bool isGenerated = metadata.TextOrEmpty("name").Length == 0 && metadata.TextOrEmpty("generateName").Length > 0;
        if (isGenerated)
        {
            metadata["name"] = NameGenerator.From(metadata.TextOrEmpty("generateName"));
        }

        AdmissionRequest final = Request(kind, stored, key with { Name = metadata.TextOrEmpty("name") }, body, scope);
        try
        {
            await FinishAsync(final, cancellationToken);
            ObjectDocument document = await StoreAsync(stored, final.Key, body, isGenerated, scope, cancellationToken);
            return new WriteResult(VersionConversions.Convert(document, stored, kind), true);
        }
        finally
        {
            final.Finished?.Invoke();
        }
    }

    private async ValueTask FinishAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        JsonObject body = request.Object ?? [];
        MetadataRules.StampNew(request.Kind, body, time.GetUtcNow());
        DocumentRules.PrepareForCreate(request.Kind, body);
        DocumentRules.ValidateCreate(request.Kind, request.RequestKind, body);
        await admission.ValidateAsync(request, cancellationToken);
    }

    private async ValueTask<ObjectDocument> StoreAsync(
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        bool isGenerated,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (await TryStoreAsync(kind, key, body, scope, cancellationToken) is { } document)
            {
                return document;
            }

            if (!isGenerated)
            {
                throw AlreadyThere(kind, key);
            }

            JsonObject metadata = body.Ensure("metadata");
            if (attempt == NameAttempts)
            {
                throw ApiErrors.NoGeneratedName(kind, metadata.TextOrEmpty("generateName"));
            }

            metadata["name"] = NameGenerator.From(metadata.TextOrEmpty("generateName"));
            key = key with { Name = metadata.TextOrEmpty("name") };
        }
    }

    private async ValueTask<ObjectDocument?> TryStoreAsync(
        KindDefinition kind, ObjectKey key, JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        if (!scope.DryRun)
        {
            return await access.TryWriteAsync(kind, key, 0, body, false, scope, cancellationToken);
        }

        return access.FindStored(kind, key) is null ? StoreAccess.Unsaved(body, 0) : null;
    }

    private ApiException AlreadyThere(KindDefinition kind, ObjectKey key)
    {
        ApiException error = ApiErrors.AlreadyExists(kind, key.Name);
        return access.FindStored(kind, key) is { Metadata.IsBeingDeleted: true }
            ? ApiErrors.WithMessage(error, $"object is being deleted: {error.Message}")
            : error;
    }

    private static void PlaceInNamespace(JsonObject metadata, string ns)
    {
        string given = metadata.TextOrEmpty("namespace");
        if (given.Length == 0 && ns.Length > 0)
        {
            metadata["namespace"] = ns;
        }
        else if (given != ns)
        {
            throw ApiErrors.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request");
        }
        else if (ns.Length == 0)
        {
            metadata.Remove("namespace");
        }
    }

    private static AdmissionRequest Request(
        KindDefinition kind, KindDefinition stored, ObjectKey key, JsonObject body, WriteScope scope) => new()
        {
            Kind = stored,
            RequestKind = kind,
            Key = key,
            Operation = AdmissionOperation.Create,
            Object = body,
            User = scope.User,
            DryRun = scope.DryRun,
            Options = scope.Options,
            Warnings = scope.Warnings,
            AuditAnnotations = scope.AuditAnnotations,
        };
}
