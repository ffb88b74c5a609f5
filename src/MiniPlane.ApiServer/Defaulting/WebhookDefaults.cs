using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of admission webhooks and admission policies (pkg/apis/admissionregistration/v1/defaults.go).</summary>
internal static class WebhookDefaults
{
    private const long TimeoutSeconds = 10;
    private const long HttpsPort = 443;

    public static void Validating(JsonObject configuration)
    {
        foreach (JsonObject webhook in configuration.Objects("webhooks"))
        {
            Webhook(webhook);
        }
    }

    public static void Mutating(JsonObject configuration)
    {
        foreach (JsonObject webhook in configuration.Objects("webhooks"))
        {
            Webhook(webhook);
            webhook.Default("reinvocationPolicy", "Never");
        }
    }

    public static void Policy(JsonObject policy)
    {
        JsonObject spec = policy.Ensure("spec");
        spec.Default("failurePolicy", "Fail");
        MatchResources(spec.Object("matchConstraints"));
    }

    public static void PolicyBinding(JsonObject binding) => MatchResources(binding.Object("spec", "matchResources"));

    private static void Webhook(JsonObject webhook)
    {
        webhook.Default("failurePolicy", "Fail");
        webhook.Default("matchPolicy", "Equivalent");
        webhook.Default("namespaceSelector", new JsonObject());
        webhook.Default("objectSelector", new JsonObject());
        webhook.Default("timeoutSeconds", TimeoutSeconds);
        webhook.Ensure("clientConfig").Object("service")?.Default("port", HttpsPort);
        Scopes(webhook, "rules");
    }

    private static void MatchResources(JsonObject? match)
    {
        if (match is null)
        {
            return;
        }

        match.Default("matchPolicy", "Equivalent");
        match.Default("namespaceSelector", new JsonObject());
        match.Default("objectSelector", new JsonObject());
        Scopes(match, "resourceRules");
        Scopes(match, "excludeResourceRules");
    }

    private static void Scopes(JsonObject holder, string rules)
    {
        foreach (JsonObject rule in holder.Objects(rules))
        {
            rule.Default("scope", "*");
        }
    }
}
