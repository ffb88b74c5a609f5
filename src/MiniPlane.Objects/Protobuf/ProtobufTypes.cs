using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>Finds the catalogue's type behind the kind that an envelope or a body names.</summary>
public static class ProtobufTypes
{
    /// <summary>Null when there is none. Options and Status come in whatever version: they are meta's.</summary>
    public static TypeDefinition? Find(IKindCatalogue catalogue, string apiVersion, string kind) =>
        catalogue.FindKind(apiVersion, kind)?.Type
        ?? catalogue.FindType($"meta.v1.{kind}")
        ?? catalogue.FindType($"{ShortGroup(apiVersion)}.{kind}");

    // core.v1, apps.v1, policy.v1, rbac.v1: the catalogue's type names use the first label of the group.
    private static string ShortGroup(string apiVersion)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? $"core.{apiVersion}" : $"{apiVersion[..slash].Split('.')[0]}.{apiVersion[(slash + 1)..]}";
    }
}
