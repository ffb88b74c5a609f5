using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.FlowControl;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Who asks, may they, is there room for them, and who hears of it.</summary>
internal sealed record RequestGate(
    Authenticator Authenticator, Impersonation Impersonation, IAuthorizer Authorizer, FlowController Flow, AuditLog Audit);
