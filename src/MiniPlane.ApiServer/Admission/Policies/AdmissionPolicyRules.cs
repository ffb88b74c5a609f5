using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Expressions;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>What policies, bindings and match conditions must be (pkg/apis/admissionregistration/validation).</summary>
internal static class AdmissionPolicyRules
{
    private static readonly string[] Reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];

    public static void Validating(JsonObject policy, FieldErrors errors)
    {
        JsonObject spec = policy.Object("spec") ?? [];
        CelEnvironment environment = Common(spec, errors);
        if (spec.Array("validations") is not { Count: > 0 } && spec.Array("auditAnnotations") is not { Count: > 0 })
        {
            errors.Required("spec.validations", "validations or auditAnnotations must contain at least one item");
            errors.Required("spec.auditAnnotations", "validations or auditAnnotations must contain at least one item");
        }

        foreach ((JsonObject validation, FieldPath path) in Checks.Items(spec, "validations", "spec"))
        {
            Expression(validation, "expression", path, environment, CelKind.Bool, errors);
            if (validation.TextOrEmpty("messageExpression").Length > 0)
            {
                Expression(validation, "messageExpression", path, environment, CelKind.String, errors);
            }

            string message = validation.TextOrEmpty("message");
            if (message.Length > 0 && message.Trim().Length == 0)
            {
                errors.Invalid($"{path}.message", message, "message must be non-empty if specified");
            }
            else if (message.Trim().Contains('\n', StringComparison.Ordinal))
            {
                errors.Invalid($"{path}.message", message, "message must not contain line breaks");
            }

            errors.OneOf(validation, "reason", path, isRequired: false, Reasons);
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject annotation, FieldPath path) in Checks.Items(spec, "auditAnnotations", "spec"))
        {
            errors.RequiredText(annotation, "key", path, Formats.QualifiedName);
            if (!keys.Add(annotation.TextOrEmpty("key")))
            {
                errors.Duplicate($"{path}.key", annotation.TextOrEmpty("key"));
            }

            Expression(annotation, "valueExpression", path, environment, CelKind.String, errors);
        }
    }

    public static void Mutating(JsonObject policy, FieldErrors errors)
    {
        JsonObject spec = policy.Object("spec") ?? [];
        CelEnvironment environment = Common(spec, errors);
        if (spec.Array("mutations") is not { Count: > 0 })
        {
            errors.Required("spec.mutations", "mutations must contain at least one item");
        }

        foreach ((JsonObject mutation, FieldPath path) in Checks.Items(spec, "mutations", "spec"))
        {
            errors.OneOf(mutation, "patchType", path, isRequired: true, "ApplyConfiguration", "JSONPatch");
            string part = mutation.Text("patchType") == "JSONPatch" ? "jsonPatch" : "applyConfiguration";
            if (mutation.Object(part) is { } holder)
            {
                Expression(holder, "expression", $"{path}.{part}", environment, null, errors);
            }
            else
            {
                errors.Required($"{path}.{part}", $"must be specified when patchType is {mutation.TextOrEmpty("patchType")}");
            }
        }
    }

    public static void Binding(JsonObject binding, FieldErrors errors)
    {
        JsonObject spec = binding.Object("spec") ?? [];
        errors.RequiredText(spec, "policyName", "spec", Formats.DnsSubdomain);
        if (spec.Object("matchResources") is { } match)
        {
            MatchRules.Match(match, "spec.matchResources", errors);
        }

        if (spec.Object("paramRef") is not { } reference)
        {
            return;
        }

        bool hasName = reference.TextOrEmpty("name").Length > 0;
        bool hasSelector = reference.Has("selector");
        if (hasName && hasSelector)
        {
            errors.Forbidden("spec.paramRef.name", "name and selector are mutually exclusive");
        }
        else if (!hasName && !hasSelector)
        {
            errors.Required("spec.paramRef", "one of name or selector must be specified");
        }

        if (hasName)
        {
            errors.Format(reference.TextOrEmpty("name"), "spec.paramRef.name", Formats.DnsSubdomain);
        }

        SelectorRules.Validate(reference["selector"], "spec.paramRef.selector", errors);

        errors.OneOf(reference, "parameterNotFoundAction", "spec.paramRef", isRequired: true, "Allow", "Deny");
    }

    public static void ValidatingBinding(JsonObject binding, FieldErrors errors)
    {
        Binding(binding, errors);
        string[] actions = [.. binding.Texts("spec", "validationActions")];
        if (actions.Length == 0)
        {
            errors.Required("spec.validationActions", "at least one validation action is required");
        }
        else if (actions.Contains("Deny", StringComparer.Ordinal) && actions.Contains("Warn", StringComparer.Ordinal))
        {
            errors.Invalid("spec.validationActions", binding.At("spec", "validationActions"), "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
        }

        for (int index = 0; index < actions.Length; index++)
        {
            if (Array.IndexOf(actions, actions[index]) < index)
            {
                errors.Duplicate($"spec.validationActions[{index}]", actions[index]);
            }
        }
    }

    /// <summary>The match conditions of a webhook or a policy.</summary>
    public static void Conditions(JsonObject holder, string path, bool hasParams, FieldErrors errors)
    {
        CelEnvironment environment = AdmissionTypes.Environment(CelType.Dyn, hasParams, null);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject condition, FieldPath field) in Checks.Items(holder, "matchConditions", path))
        {
            if (errors.RequiredText(condition, "name", field, Formats.QualifiedName) && !names.Add(condition.TextOrEmpty("name")))
            {
                errors.Duplicate($"{field}.name", condition.TextOrEmpty("name"));
            }

            Expression(condition, "expression", field, environment, CelKind.Bool, errors);
        }
    }

    private static CelEnvironment Common(JsonObject spec, FieldErrors errors)
    {
        bool hasParams = spec.Has("paramKind");
        if (spec.Object("paramKind") is { } kind)
        {
            if (errors.RequiredText(kind, "apiVersion", "spec.paramKind") && kind.TextOrEmpty("apiVersion").Count(letter => letter == '/') > 1)
            {
                errors.Invalid("spec.paramKind.apiVersion", kind["apiVersion"], $"unexpected GroupVersion string: {kind.TextOrEmpty("apiVersion")}");
            }

            errors.RequiredText(kind, "kind", "spec.paramKind");
        }

        if (spec.Object("matchConstraints") is not { } constraints)
        {
            errors.Required("spec.matchConstraints", "");
        }
        else if (constraints.Array("resourceRules") is not { Count: > 0 })
        {
            errors.Required("spec.matchConstraints.resourceRules", "");
        }
        else
        {
            MatchRules.Match(constraints, "spec.matchConstraints", errors);
        }

        Conditions(spec, "spec", hasParams, errors);
        Dictionary<string, CelType> types = new(StringComparer.Ordinal);
        foreach ((JsonObject variable, FieldPath path) in Checks.Items(spec, "variables", "spec"))
        {
            CelEnvironment before = AdmissionTypes.Environment(CelType.Dyn, hasParams, new Dictionary<string, CelType>(types, StringComparer.Ordinal));
            string name = variable.TextOrEmpty("name");
            errors.RequiredText(variable, "name", path);
            types[name] = Expression(variable, "expression", path, before, null, errors) ?? CelType.Dyn;
        }

        return AdmissionTypes.Environment(CelType.Dyn, hasParams, types);
    }

    private static CelType? Expression(
        JsonObject holder, string name, string path, CelEnvironment environment, CelKind? wanted, FieldErrors errors)
    {
        string text = holder.TextOrEmpty(name);
        if (text.Trim().Length == 0)
        {
            errors.Required($"{path}.{name}", $"{name} is not specified");
            return null;
        }

        try
        {
            CelType type = environment.Compile(text).ResultType;
            if (wanted is { } kind && type.Kind != kind && type.Kind != CelKind.Dyn)
            {
                errors.Invalid($"{path}.{name}", text, $"must evaluate to {(kind == CelKind.Bool ? "bool" : "string")}");
            }

            return type;
        }
        catch (CelCompileException error)
        {
            errors.Invalid($"{path}.{name}", text, $"compilation failed: {error.Message}");
            return null;
        }
    }
}
