using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Registry;

/// <summary>What the registry serves beside stored objects.</summary>
internal sealed class RegistryExtensions(IEnumerable<IVirtualKind> kinds, IEnumerable<ICreateSubresource> subresources)
{
    private readonly IVirtualKind[] _kinds = [.. kinds];
    private readonly ICreateSubresource[] _subresources = [.. subresources];

    public IVirtualKind? FindVirtual(KindDefinition kind) => Array.Find(_kinds, candidate => candidate.Handles(kind));

    public ICreateSubresource? FindSubresource(KindDefinition kind, string subresource) =>
        Array.Find(_subresources, candidate => candidate.Handles(kind, subresource));
}
