using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Who may open a stream into a pod.</summary>
internal static class PodStreamAccess
{
    // A WebSocket is opened with GET, but running something in a pod is more than looking at it.
    public static async ValueTask RequireCreateAsync(IAuthorizer authorizer, ApiRequest request)
    {
        AccessAttributes attributes = AccessAttributes.Of(request.Info, request.User) with { Verb = "create" };
        AccessDecision decision = await authorizer.DecideAsync(attributes, request.Cancelled);
        if (!decision.IsAllowed)
        {
            throw ApiErrors.Forbidden(
                request.Info.Group, request.Info.Resource, request.Info.Name, attributes.RefusalText(decision.Reason));
        }
    }
}
