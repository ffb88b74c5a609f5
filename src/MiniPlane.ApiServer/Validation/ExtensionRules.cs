using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Custom resource definitions, webhooks and aggregated APIs.</summary>
internal static class ExtensionRules
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    public static void CustomResourceDefinition(JsonObject definition, FieldErrors errors)
    {
        JsonObject spec = definition.Object("spec") ?? [];
        string plural = spec.TextOrEmpty("names", "plural");
        string group = spec.TextOrEmpty("group");
        string name = definition.TextOrEmpty("metadata", "name");
        if (name != $"{plural}.{group}")
        {
            errors.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }

        if (errors.RequiredText(spec, "group", "spec", Formats.DnsSubdomain) && !group.Contains('.', StringComparison.Ordinal))
        {
            errors.Invalid("spec.group", group, "should be a domain with at least one dot");
        }

        errors.OneOf(spec, "scope", "spec", isRequired: true, "Cluster", "Namespaced");
        Versions(spec, errors);
        Names(spec.Object("names") ?? [], errors);
        errors.OneOf(spec.Object("conversion"), "strategy", "spec.conversion", isRequired: true, "None", "Webhook");
    }

    public static void DefinitionChange(JsonObject definition, JsonObject old, FieldErrors errors)
    {
        bool isEstablished = old.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
        if (!isEstablished)
        {
            return;
        }

        errors.Unchanged(definition.At("spec", "scope"), old.At("spec", "scope"), "spec.scope");
        errors.Unchanged(definition.At("spec", "names", "kind"), old.At("spec", "names", "kind"), "spec.names.kind");
        errors.Unchanged(definition.At("spec", "group"), old.At("spec", "group"), "spec.group");
        errors.Unchanged(definition.At("spec", "names", "plural"), old.At("spec", "names", "plural"), "spec.names.plural");
    }

    public static void Webhooks(JsonObject configuration, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject webhook, string field) in Checks.Items(configuration, "webhooks", ""))
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

    private static void Webhook(JsonObject webhook, string path, FieldErrors errors)
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

        foreach ((JsonObject rule, string field) in Checks.Items(webhook, "rules", path))
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

    private static void Rule(JsonObject rule, string path, FieldErrors errors)
    {
        foreach (string list in (ReadOnlySpan<string>)["operations", "apiGroups", "apiVersions", "resources"])
        {
            if (rule.Array(list) is not { Count: > 0 })
            {
                errors.Required($"{path}.{list}");
            }
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

    private static void Versions(JsonObject spec, FieldErrors errors)
    {
        int stored = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject version, string field) in Checks.Items(spec, "versions", "spec"))
        {
            string name = version.TextOrEmpty("name");
            stored += version.Flag("storage") == true ? 1 : 0;
            if (!names.Add(name))
            {
                errors.Duplicate($"{field}.name", name);
            }

            errors.Format(name, $"{field}.name", Formats.Dns1035Label);
            if (!version.Has("schema", "openAPIV3Schema"))
            {
                errors.Required($"{field}.schema.openAPIV3Schema", "schemas are required");
            }
            else if (version.Text("schema", "openAPIV3Schema", "type") != "object")
            {
                string type = version.TextOrEmpty("schema", "openAPIV3Schema", "type");
                if (type.Length == 0)
                {
                    errors.Required($"{field}.schema.openAPIV3Schema.type", "must not be empty at the root");
                }
                else
                {
                    errors.Invalid($"{field}.schema.openAPIV3Schema.type", type, "must be object at the root");
                }
            }

            foreach ((JsonObject column, string columnField) in Checks.Items(version, "additionalPrinterColumns", field))
            {
                Column(column, columnField, errors);
            }
        }

        if (names.Count == 0)
        {
            errors.Required("spec.versions", "must have exactly one version marked as storage version");
        }
        else if (stored != 1)
        {
            errors.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version");
        }
    }

    private static void Column(JsonObject column, string path, FieldErrors errors)
    {
        errors.RequiredText(column, "name", path);
        errors.OneOf(column, "type", path, isRequired: true, "boolean", "date", "integer", "number", "string");
        errors.RequiredText(column, "jsonPath", path);
    }

    private static void Names(JsonObject names, FieldErrors errors)
    {
        const string Path = "spec.names";
        errors.RequiredText(names, "plural", Path, Formats.Dns1035Label);
        errors.OptionalText(names, "singular", Path, Formats.Dns1035Label);
        errors.RequiredText(names, "kind", Path, Kind);
        errors.OptionalText(names, "listKind", Path, Kind);
        if (names.TextOrEmpty("kind") is { Length: > 0 } kind && kind == names.Text("listKind"))
        {
            errors.Invalid($"{Path}.listKind", kind, "kind and listKind may not be the same");
        }

        int index = 0;
        foreach (string shortName in names.Texts("shortNames"))
        {
            errors.Format(shortName, $"{Path}.shortNames[{index++}]", Formats.Dns1035Label);
        }
    }

    private static string? Kind(string value) => Formats.Dns1035Label(value.ToLowerInvariant()) is { } wrong
        ? "may have mixed case, but should otherwise match: " + wrong
        : null;
}
