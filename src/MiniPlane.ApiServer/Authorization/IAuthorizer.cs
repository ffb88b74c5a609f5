namespace MiniPlane.ApiServer.Authorization;

/// <summary>Says whether a user may do something.</summary>
internal interface IAuthorizer
{
    ValueTask<AccessDecision> DecideAsync(AccessAttributes attributes, CancellationToken cancellationToken);
}
