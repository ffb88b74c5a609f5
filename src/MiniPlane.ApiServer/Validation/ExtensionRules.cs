using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Policies;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Webhooks and aggregated APIs.</summary>
internal static class ExtensionRules
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    public static void Webhooks(JsonObject configuration, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject webhook, FieldPath field) in Checks.Items(configuration, "webhooks", ""))
        {
            string name = webhook.TextOrEmpty("name");
            if (errors.RequiredText(webhook, "name", field, Formats.DnsSubdomain) && name.Count(letter => letter == '.') < 2)
            {
                errors.Invalid($"{field}.name", name, "should be a domain with at least three segments separated by dots");
            }

            if (!names.Add(name))
            {
                errors.Duplicate($"{field}.name", name);
            }

            Webhook(webhook, field, errors);
        }
    }

    private static void Webhook(JsonObject webhook, FieldPath path, FieldErrors errors)
    {
        string[] versions = [.. webhook.Texts("admissionReviewVersions")];
        if (versions.Length == 0)
        {
            errors.Required($"{path}.admissionReviewVersions", "must specify one of v1, v1beta1");
        }
        else if (!versions.Any(version => version is "v1" or "v1beta1"))
        {
            errors.Invalid(
                $"{path}.admissionReviewVersions",
                webhook["admissionReviewVersions"],
                "must include at least one of v1, v1beta1");
        }

        foreach ((JsonObject rule, FieldPath field) in Checks.Items(webhook, "rules", path))
        {
            Rule(rule, field, errors);
        }

        errors.OneOf(webhook, "failurePolicy", path, isRequired: false, "Fail", "Ignore");
        errors.OneOf(webhook, "matchPolicy", path, isRequired: false, "Equivalent", "Exact");
        errors.OneOf(webhook, "sideEffects", path, isRequired: true, "None", "NoneOnDryRun");
        if (webhook.Integer("timeoutSeconds") is { } seconds and (< 1 or > 30))
        {
            errors.Invalid($"{path}.timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds");
        }

        AdmissionPolicyRules.Conditions(webhook, path, hasParams: false, errors);
        SelectorRules.Validate(webhook["namespaceSelector"], $"{path}.namespaceSelector", errors);
        SelectorRules.Validate(webhook["objectSelector"], $"{path}.objectSelector", errors);
        bool hasUrl = webhook.Has("clientConfig", "url");
        bool hasService = webhook.Has("clientConfig", "service");
        if (hasUrl == hasService)
        {
            errors.Required($"{path}.clientConfig", "exactly one of url or service is required");
        }
        else if (hasUrl && (!Uri.TryCreate(webhook.Text("clientConfig", "url"), UriKind.Absolute, out Uri? url) || url.Scheme != "https"))
        {
            errors.Invalid(
                $"{path}.clientConfig.url",
                webhook.TextOrEmpty("clientConfig", "url"),
                "'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }
    }

    private static void Rule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        foreach (string list in (ReadOnlySpan<string>)["operations", "apiGroups", "apiVersions", "resources"])
        {
            if (rule.Array(list) is not { Count: > 0 })
            {
                errors.Required($"{path}.{list}");
            }
        }

        Wildcard(rule, "operations", "operations", path, errors);
        Wildcard(rule, "apiGroups", "API groups", path, errors);
        Wildcard(rule, "apiVersions", "API versions", path, errors);
        if (rule.Texts("resources").Contains("*/*", StringComparer.Ordinal) && rule.Array("resources") is { Count: > 1 })
        {
            errors.Invalid($"{path}.resources", rule["resources"], "if '*/*' is present, must not specify other resources");
        }

        int index = 0;
        foreach (string operation in rule.Texts("operations"))
        {
            if (!Operations.Contains(operation, StringComparer.Ordinal))
            {
                errors.NotSupported($"{path}.operations[{index}]", operation, Operations);
            }

            index++;
        }

        errors.OneOf(rule, "scope", path, isRequired: false, "*", "Cluster", "Namespaced");
    }

    private static void Wildcard(JsonObject rule, string list, string others, FieldPath path, FieldErrors errors)
    {
        if (rule.Array(list) is { Count: > 1 } && rule.Texts(list).Contains("*", StringComparer.Ordinal))
        {
            errors.Invalid($"{path}.{list}", rule[list], $"if '*' is present, must not specify other {others}");
        }
    }
}
