namespace MiniPlane.ApiServer.Identity;

/// <summary>A service-account token whose signature, time, account and bound object are good, and for whom it is meant.</summary>
internal sealed record VerifiedToken(UserInfo User, IReadOnlyList<string> Audiences);
