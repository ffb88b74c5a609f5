using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>admissionregistration.v1.NamedRuleWithOperations.</summary>
internal sealed record NamedRule(WebhookRule Rule, IReadOnlyList<string> Names)
{
    public static NamedRule From(JsonObject json) => new(WebhookRule.From(json), [.. json.Texts("resourceNames")]);

    public bool Admits(string name) => Names.Count == 0 || Names.Contains(name, StringComparer.Ordinal);
}
