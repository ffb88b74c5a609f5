namespace MiniPlane.ApiServer.Authorization;

/// <summary>Allowed or not, and why (authorization.v1.SubjectAccessReviewStatus).</summary>
internal readonly record struct AccessDecision(bool IsAllowed, string Reason);
