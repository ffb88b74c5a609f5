using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Answers a request; refusals are <see cref="Objects.Errors.ApiException"/>.</summary>
internal interface IRequestHandler
{
    Task HandleAsync(ApiRequest request);
}
