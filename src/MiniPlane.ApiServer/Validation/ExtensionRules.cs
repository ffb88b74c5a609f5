using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Policies;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Webhooks and aggregated APIs.</summary>
internal static class ExtensionRules
{
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
        ReviewVersions(webhook, $"{path}.admissionReviewVersions", errors);
        foreach ((JsonObject rule, FieldPath field) in Checks.Items(webhook, "rules", path))
        {
            MatchRules.Rule(rule, field, errors);
        }

        errors.OneOf(webhook, "failurePolicy", path, isRequired: false, "Fail", "Ignore");
        errors.OneOf(webhook, "matchPolicy", path, isRequired: false, "Equivalent", "Exact");
        errors.OneOf(webhook, "sideEffects", path, isRequired: true, "None", "NoneOnDryRun");
        if (webhook.Integer("timeoutSeconds") is { } seconds and (< 1 or > 30))
        {
            errors.Invalid($"{path}.timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds");
        }

        errors.OneOf(webhook, "reinvocationPolicy", path, isRequired: false, "IfNeeded", "Never");
        AdmissionPolicyRules.Conditions(webhook, path, hasParams: false, errors);
        SelectorRules.Validate(webhook["namespaceSelector"], $"{path}.namespaceSelector", errors);
        SelectorRules.Validate(webhook["objectSelector"], $"{path}.objectSelector", errors);
        WebhookClientRules.Check(webhook.Object("clientConfig"), $"{path}.clientConfig", errors);
    }

    private static void ReviewVersions(JsonObject webhook, string field, FieldErrors errors)
    {
        string[] versions = [.. webhook.Texts("admissionReviewVersions")];
        if (versions.Length == 0)
        {
            errors.Required(field, "must specify one of v1, v1beta1");
            return;
        }

        for (int index = 0; index < versions.Length; index++)
        {
            if (Array.IndexOf(versions, versions[index]) < index)
            {
                errors.Invalid($"{field}[{index}]", versions[index], "duplicate version");
            }
            else
            {
                errors.Format(versions[index], $"{field}[{index}]", Formats.Dns1035Label);
            }
        }

        if (!versions.Any(version => version is "v1" or "v1beta1"))
        {
            errors.Invalid(field, webhook["admissionReviewVersions"], "must include at least one of v1, v1beta1");
        }
    }
}
