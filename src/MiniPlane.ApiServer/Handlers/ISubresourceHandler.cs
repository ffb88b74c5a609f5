using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Answers a subresource that is not a part of a stored object: logs, streams.</summary>
internal interface ISubresourceHandler : IRequestHandler
{
    bool Handles(KindDefinition kind, string subresource);
}
