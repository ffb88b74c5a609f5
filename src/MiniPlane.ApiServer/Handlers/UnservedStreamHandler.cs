using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>The proxy subresources: they say plainly that they are not served.</summary>
internal sealed class UnservedStreamHandler : ISubresourceHandler
{
    public bool Handles(KindDefinition kind, string subresource) => subresource is "proxy";

    public Task HandleAsync(ApiRequest request) => throw ApiErrors.NotServed(
        $"{request.Info.Resource}/{request.Info.Subresource} is not served by this cluster");
}
