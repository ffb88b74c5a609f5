using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Collection;

/// <summary>
/// Names an object of any kind in one work queue: the collection stands before the name, which cannot contain a slash.
/// </summary>
internal static class ObjectIdentity
{
    public static ObjectKey KeyOf(KindDefinition kind, ObjectKey key) => new(key.Namespace, $"{kind.Collection}/{key.Name}");

    /// <summary>The collection's name and the object's own key.</summary>
    public static (string Collection, ObjectKey Key) Split(ObjectKey key)
    {
        int slash = key.Name.IndexOf('/', StringComparison.Ordinal);
        return (key.Name[..slash], new ObjectKey(key.Namespace, key.Name[(slash + 1)..]));
    }
}
