using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Who changes an object's owners must be allowed to delete the object, and who blocks an owner's deletion must be allowed to set that
/// owner's finalizers (plugin/pkg/admission/gc). Off by default, as upstream.
/// </summary>
internal sealed class OwnerReferencesPlugin(IAuthorizer authorizer, IKindCatalogue catalogue) : IAdmissionPlugin
{
    public string Name => "OwnerReferencesPermissionEnforcement";

    public bool IsOnByDefault => false;

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        bool isRelevant = request is { Subresource: null, Object: not null, Operation: AdmissionOperation.Create or AdmissionOperation.Update };
        if (!isRelevant || request.Object.At("metadata", "ownerReferences").SameAs(request.OldObject.At("metadata", "ownerReferences")))
        {
            return;
        }

        if (request.Operation == AdmissionOperation.Update
            && !await MayAsync(request, "delete", request.Kind, request.Key, "", cancellationToken))
        {
            throw request.Forbidden("cannot set an ownerRef on a resource you can't delete: ");
        }

        foreach (JsonObject owner in NewlyBlocking(request))
        {
            if (catalogue.FindKind(owner.TextOrEmpty("apiVersion"), owner.TextOrEmpty("kind")) is not { } kind)
            {
                throw request.Forbidden(
                    $"cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion {owner.TextOrEmpty("apiVersion")} "
                    + $"Kind {owner.TextOrEmpty("kind")}");
            }

            var key = new ObjectKey(kind.IsNamespaced ? request.Key.Namespace : "", owner.TextOrEmpty("name"));
            if (!await MayAsync(request, "update", kind, key, "finalizers", cancellationToken))
            {
                throw request.Forbidden("cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ");
            }
        }
    }

    private static IEnumerable<JsonObject> NewlyBlocking(AdmissionRequest request)
    {
        var before = request.OldObject.Objects("metadata", "ownerReferences")
            .Where(owner => owner.Flag("blockOwnerDeletion") == true)
            .Select(owner => owner.TextOrEmpty("uid"))
            .ToHashSet(StringComparer.Ordinal);
        return request.Object.Objects("metadata", "ownerReferences")
            .Where(owner => owner.Flag("blockOwnerDeletion") == true && !before.Contains(owner.TextOrEmpty("uid")));
    }

    private async ValueTask<bool> MayAsync(
        AdmissionRequest request, string verb, KindDefinition kind, ObjectKey key, string subresource, CancellationToken cancellationToken)
    {
        var attributes = new AccessAttributes
        {
            User = request.User,
            Verb = verb,
            IsResource = true,
            Group = kind.Group,
            Version = kind.Version,
            Resource = kind.Plural,
            Subresource = subresource,
            Namespace = key.Namespace,
            Name = key.Name,
        };
        return (await authorizer.DecideAsync(attributes, cancellationToken)).IsAllowed;
    }
}
