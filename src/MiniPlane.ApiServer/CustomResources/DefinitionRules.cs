using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>What a CustomResourceDefinition must be (apiextensions-apiserver/pkg/apis/apiextensions/validation).</summary>
internal static class DefinitionRules
{
    private const string ApprovalAnnotation = "api-approved.kubernetes.io";

    /// <summary>The name says what is defined. Both parts of it are fixed later.</summary>
    public static void Name(JsonObject definition, FieldErrors errors)
    {
        string name = definition.TextOrEmpty("metadata", "name");
        if (name != $"{definition.TextOrEmpty("spec", "names", "plural")}.{definition.TextOrEmpty("spec", "group")}")
        {
            errors.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }
    }

    public static void Definition(JsonObject definition, FieldErrors errors)
    {
        JsonObject spec = definition.Object("spec") ?? [];
        string group = spec.TextOrEmpty("group");
        if (errors.RequiredText(spec, "group", "spec", Formats.DnsSubdomain) && !group.Contains('.', StringComparison.Ordinal))
        {
            errors.Invalid("spec.group", group, "should be a domain with at least one dot");
        }

        errors.OneOf(spec, "scope", "spec", isRequired: true, "Cluster", "Namespaced");
        if (spec.Flag("preserveUnknownFields") == true)
        {
            errors.Invalid(
                "spec.preserveUnknownFields",
                true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }

        Versions(spec, errors);
        Names(spec.Object("names") ?? [], errors);
        Conversion(spec.Object("conversion"), errors);
    }

    /// <summary>Groups of the project itself need a link to the approval of their API, or a word that there is none.</summary>
    public static void Approved(JsonObject definition, FieldErrors errors)
    {
        Name(definition, errors);
        Approval(definition, definition.TextOrEmpty("spec", "group"), errors);
    }

    public static void Change(JsonObject definition, JsonObject old, FieldErrors errors)
    {
        StoredVersions(definition, errors);
        if (definition.TextOrEmpty("metadata", "annotations", ApprovalAnnotation) != old.TextOrEmpty("metadata", "annotations", ApprovalAnnotation))
        {
            Approval(definition, definition.TextOrEmpty("spec", "group"), errors);
        }

        if (DefinitionConditions.IsTrue(old, DefinitionConditions.Established))
        {
            errors.Unchanged(definition.At("spec", "scope"), old.At("spec", "scope"), "spec.scope");
            errors.Unchanged(definition.At("spec", "names", "kind"), old.At("spec", "names", "kind"), "spec.names.kind");
        }

        errors.Unchanged(definition.At("spec", "group"), old.At("spec", "group"), "spec.group");
        errors.Unchanged(definition.At("spec", "names", "plural"), old.At("spec", "names", "plural"), "spec.names.plural");
    }

    private static void Approval(JsonObject definition, string group, FieldErrors errors)
    {
        bool isProtected = group == "k8s.io" || group == "kubernetes.io"
            || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);
        if (!isProtected)
        {
            return;
        }

        string field = $"metadata.annotations[{ApprovalAnnotation}]";
        string value = definition.TextOrEmpty("metadata", "annotations", ApprovalAnnotation);
        if (value.Length == 0)
        {
            errors.Required(field, $"protected groups must have approval annotation \"{ApprovalAnnotation}\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
        else if (!value.StartsWith("unapproved", StringComparison.Ordinal) && !Uri.TryCreate(value, UriKind.Absolute, out _))
        {
            errors.Invalid(field, value, $"protected groups must have approval annotation \"{ApprovalAnnotation}\" with either a URL or a reason starting with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
    }

    private static void Versions(JsonObject spec, FieldErrors errors)
    {
        int stored = 0;
        bool areUnique = true;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject version, FieldPath field) in Checks.Items(spec, "versions", "spec"))
        {
            string name = version.TextOrEmpty("name");
            stored += version.Flag("storage") == true ? 1 : 0;
            areUnique &= names.Add(name);
            errors.Format(name, $"{field}.name", Formats.Dns1035Label);
            VersionRules.Check(version, field, spec.Text("scope") == "Namespaced", errors);
        }

        if (!areUnique)
        {
            errors.Invalid("spec.versions", spec["versions"], "must contain unique version names");
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

        foreach (string list in (ReadOnlySpan<string>)["shortNames", "categories"])
        {
            int index = 0;
            foreach (string word in names.Texts(list))
            {
                errors.Format(word, $"{Path}.{list}[{index++}]", Formats.Dns1035Label);
            }
        }
    }

    private static string? Kind(string value) => Formats.Dns1035Label(value.ToLowerInvariant()) is { } wrong
        ? "may have mixed case, but should otherwise match: " + wrong
        : null;

    private static void Conversion(JsonObject? conversion, FieldErrors errors)
    {
        const string Path = "spec.conversion";
        errors.OneOf(conversion, "strategy", Path, isRequired: true, "None", "Webhook");
        bool isWebhook = conversion.Text("strategy") == "Webhook";
        JsonObject? webhook = conversion.Object("webhook");
        if (!isWebhook && webhook is not null)
        {
            errors.Forbidden($"{Path}.webhook", "should not be set when strategy is not set to Webhook");
        }

        if (!isWebhook)
        {
            return;
        }

        JsonObject? client = webhook.Object("clientConfig");
        if (client is null)
        {
            errors.Required($"{Path}.webhook.clientConfig", "required when strategy is set to Webhook, but not allowed to be unset");
        }
        else
        {
            WebhookClientRules.Check(client, $"{Path}.webhook.clientConfig", errors);
        }

        if (webhook.Array("conversionReviewVersions") is not { Count: > 0 })
        {
            errors.Required($"{Path}.webhook.conversionReviewVersions", "");
        }
        else if (webhook is not null && !webhook.Texts("conversionReviewVersions").Any(version => version is "v1" or "v1beta1"))
        {
            errors.Invalid($"{Path}.webhook.conversionReviewVersions", webhook["conversionReviewVersions"], "must include at least one of v1, v1beta1");
        }
    }

    // A version that objects may still be stored in cannot be taken away.
    private static void StoredVersions(JsonObject definition, FieldErrors errors)
    {
        const string Field = "status.storedVersions";
        string[] stored = [.. definition.Texts("status", "storedVersions")];
        if (stored.Length == 0)
        {
            errors.Invalid(Field, new JsonArray(), "must have at least one stored version");
            return;
        }

        JsonObject[] versions = [.. definition.Objects("spec", "versions")];
        foreach (string name in versions.Where(version => version.Flag("storage") == true).Select(version => version.TextOrEmpty("name")))
        {
            if (!stored.Contains(name, StringComparer.Ordinal))
            {
                errors.Invalid(Field, definition.At("status", "storedVersions"), $"must have the storage version {name}");
            }
        }

        for (int index = 0; index < stored.Length; index++)
        {
            if (!Array.Exists(versions, version => version.Text("name") == stored[index]))
            {
                errors.Invalid(
                    $"{Field}[{index}]",
                    stored[index],
                    $"missing from spec.versions; {stored[index]} was previously a storage version, and must remain in spec.versions until a "
                    + $"storage migration ensures no data remains persisted in {stored[index]} and removes {stored[index]} from status.storedVersions");
            }
        }
    }
}
