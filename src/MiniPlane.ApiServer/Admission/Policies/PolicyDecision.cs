namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>Why a policy is not content with a request.</summary>
internal sealed record PolicyDecision(string Policy, string Binding, string Message, string Reason, bool IsError);
