using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Who asks, and may they.</summary>
internal sealed record RequestGate(Authenticator Authenticator, Impersonation Impersonation, IAuthorizer Authorizer);
