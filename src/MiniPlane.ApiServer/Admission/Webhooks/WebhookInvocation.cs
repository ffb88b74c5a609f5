using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>A webhook that is to be called, and the version of the kind in which it wants the object.</summary>
internal sealed record WebhookInvocation(Webhook Webhook, KindDefinition Kind);
