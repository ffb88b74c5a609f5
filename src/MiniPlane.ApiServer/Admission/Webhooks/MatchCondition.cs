namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>admissionregistration.v1.MatchCondition: a CEL expression that must be true for the webhook to be called.</summary>
internal sealed record MatchCondition(string Name, string Expression);
