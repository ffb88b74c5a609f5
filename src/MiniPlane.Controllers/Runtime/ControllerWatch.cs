using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// A kind that wakes a controller. <paramref name="Keys"/> runs on the informer's loop, so it only computes; the informers'
/// caches are already up to date with the change.
/// </summary>
public sealed record ControllerWatch(KindDefinition Kind, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)
{
    /// <summary>The changed object is what the controller reconciles.</summary>
    public static ControllerWatch Self(KindDefinition kind) => new(kind, static change => [change.Current.Key]);

    /// <summary>
    /// The changed object belongs to a controller of kind <paramref name="owner"/>, which is reconciled; when it changes hands,
    /// both the old and the new owner are.
    /// </summary>
    public static ControllerWatch OwnedBy(KindDefinition kind, KindDefinition owner) =>
        new(kind, change => Owners(change, owner));

    private static IEnumerable<ObjectKey> Owners(ObjectChange change, KindDefinition owner)
    {
        ObjectKey? before = Owner(change.Before, owner);
        ObjectKey? after = Owner(change.After, owner);
        if (before is { } old && old != after)
        {
            yield return old;
        }

        if (after is { } now)
        {
            yield return now;
        }
    }

    private static ObjectKey? Owner(ObjectDocument? document, KindDefinition owner) =>
        document?.Metadata.Controller is { } controller && controller.Kind == owner.Kind
            && OwnerReferences.GroupOf(controller.ApiVersion) == owner.Group
            ? new ObjectKey(owner.IsNamespaced ? document.Metadata.Namespace : "", controller.Name)
            : null;
}
