using System.Text.Json.Nodes;
using MiniPlane.ApiServer.FlowControl;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Flow schemas and priority levels (pkg/apis/flowcontrol/validation).</summary>
internal static class FlowRules
{
    private const long LargestPrecedence = 10_000;
    private const long MostQueues = 10_000_000;
    private const string Exempt = "exempt";
    private const string CatchAll = "catch-all";

    private static readonly string[] Verbs =
        ["*", "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

    private static readonly string[] PathVerbs = ["*", "delete", "get", "head", "options", "patch", "post", "put"];

    public static void Schema(JsonObject schema, FieldErrors errors)
    {
        JsonObject spec = schema.Object("spec") ?? [];
        Precedence(spec.Integer("matchingPrecedence") ?? 0, schema.TextOrEmpty("metadata", "name"), errors);
        if (spec.Has("distinguisherMethod") && spec.Text("distinguisherMethod", "type") is not ("ByUser" or "ByNamespace"))
        {
            errors.NotSupported(
                "spec.distinguisherMethod.type", spec.TextOrEmpty("distinguisherMethod", "type"), ["ByNamespace", "ByUser"]);
        }

        const string Level = "spec.priorityLevelConfiguration.name";
        string level = spec.TextOrEmpty("priorityLevelConfiguration", "name");
        if (level.Length == 0)
        {
            errors.Required(Level, "must reference a priority level");
        }
        else
        {
            errors.Format(level, Level, Formats.DnsSubdomain);
        }

        foreach ((JsonObject rule, FieldPath field) in Checks.Items(spec, "rules", "spec"))
        {
            Rule(rule, field, errors);
        }

        Mandatory(schema, FlowDefaults.Schemas, spec, errors);
    }

    public static void Level(JsonObject level, FieldErrors errors)
    {
        JsonObject spec = level.Object("spec") ?? [];
        string type = spec.TextOrEmpty("type");
        if ((level.TextOrEmpty("metadata", "name") == Exempt) != (type == "Exempt"))
        {
            errors.Invalid("spec.type", type, "type must be 'Exempt' if and only if `name` is 'exempt'");
        }

        switch (type)
        {
            case "Exempt":
                if (spec.Has("limited"))
                {
                    errors.Forbidden("spec.limited", "must be nil if the type is not Limited");
                }

                Shares(spec.Object(Exempt), $"spec.{Exempt}", errors);
                break;
            case "Limited":
                Limited(spec, errors);
                break;
            default:
                errors.NotSupported("spec.type", type, ["Exempt", "Limited"]);
                break;
        }

        // How much the exempt level lends is the administrator's.
        var compared = (JsonObject)spec.DeepClone();
        if (type == "Exempt")
        {
            compared.SetCopy(Exempt, FlowDefaults.Levels.First(known => known.Name == Exempt).Spec[Exempt]);
        }

        Mandatory(level, FlowDefaults.Levels, compared, errors);
    }

    // Without these two no request would find a place.
    private static void Mandatory(JsonObject obj, IEnumerable<(string Name, JsonObject Spec)> defaults, JsonObject spec, FieldErrors errors)
    {
        string name = obj.TextOrEmpty("metadata", "name");
        if (name is Exempt or CatchAll && !spec.SameAs(defaults.First(known => known.Name == name).Spec))
        {
            errors.Invalid("spec", obj["spec"], $"spec of '{name}' must equal the fixed value");
        }
    }

    private static void Precedence(long precedence, string name, FieldErrors errors)
    {
        const string Field = "spec.matchingPrecedence";
        if (precedence <= 0)
        {
            errors.Invalid(Field, precedence, "must be a positive value");
        }

        if (precedence > LargestPrecedence)
        {
            errors.Invalid(Field, precedence, $"must not be greater than {LargestPrecedence}");
        }

        if (precedence == 1 && name != Exempt)
        {
            errors.Invalid(Field, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    private static void Rule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        if (rule.Array("subjects") is not { Count: > 0 })
        {
            errors.Required($"{path}.subjects", "subjects must contain at least one value");
        }

        foreach ((JsonObject subject, FieldPath field) in Checks.Items(rule, "subjects", path))
        {
            Subject(subject, field, errors);
        }

        if (rule.Array("resourceRules") is not { Count: > 0 } && rule.Array("nonResourceRules") is not { Count: > 0 })
        {
            errors.Required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }

        foreach ((JsonObject resources, FieldPath field) in Checks.Items(rule, "resourceRules", path))
        {
            Words(resources, "verbs", field, "verbs must contain at least one value", "verbs", Verbs, errors);
            Words(resources, "apiGroups", field, "resource rules must supply at least one api group", "api groups", null, errors);
            Words(resources, "resources", field, "resource rules must supply at least one resource", "resources", null, errors);
            if (resources.Array("namespaces") is not { Count: > 0 } && resources.Flag("clusterScope") != true)
            {
                errors.Required($"{field}.namespaces", "resource rules that are not cluster scoped must supply at least one namespace");
            }
        }

        foreach ((JsonObject paths, FieldPath field) in Checks.Items(rule, "nonResourceRules", path))
        {
            Words(paths, "verbs", field, "verbs must contain at least one value", "verbs", PathVerbs, errors);
            Words(paths, "nonResourceURLs", field, "nonResourceURLs must contain at least one value", "non-resource URLs", null, errors);
        }
    }

    private static void Words(
        JsonObject rule, string list, FieldPath path, string missing, string others, string[]? supported, FieldErrors errors)
    {
        string[] words = [.. rule.Texts(list)];
        FieldPath field = $"{path}.{list}";
        if (words.Length == 0)
        {
            errors.Required(field, missing);
        }
        else if (words.Length > 1 && words.Contains("*", StringComparer.Ordinal))
        {
            errors.Invalid(field, rule[list], $"if '*' is present, must not specify other {others}");
        }

        foreach (string word in words.Where(word => supported is not null && !supported.Contains(word, StringComparer.Ordinal)))
        {
            errors.NotSupported(field, word, supported ?? []);
        }
    }

    private static void Subject(JsonObject subject, FieldPath path, FieldErrors errors)
    {
        string kind = subject.TextOrEmpty("kind");
        string? own = kind switch { "User" => "user", "Group" => "group", "ServiceAccount" => "serviceAccount", _ => null };
        if (own is null)
        {
            errors.NotSupported($"{path}.kind", kind, ["Group", "ServiceAccount", "User"]);
            return;
        }

        foreach (string other in (ReadOnlySpan<string>)["user", "group", "serviceAccount"])
        {
            if (other != own && subject.Has(other))
            {
                string word = char.ToUpperInvariant(other[0]) + other[1..];
                errors.Forbidden($"{path}.{other}", $"{other} is forbidden when subject kind is not '{word}'");
            }
        }

        if (subject.Object(own) is not { } value)
        {
            errors.Required($"{path}.{own}", $"{own} is required when subject kind is '{kind}'");
            return;
        }

        errors.RequiredText(value, "name", $"{path}.{own}");
        if (kind == "ServiceAccount" && value.TextOrEmpty("namespace").Length == 0)
        {
            errors.Required($"{path}.{own}.namespace", "must specify namespace for service account");
        }
    }

    private static void Limited(JsonObject spec, FieldErrors errors)
    {
        const string Path = "spec.limited";
        if (spec.Has(Exempt))
        {
            errors.Forbidden($"spec.{Exempt}", "must be nil if the type is Limited");
        }

        if (spec.Object("limited") is not { } limited)
        {
            errors.Required(Path, "must not be empty when type is Limited");
            return;
        }

        Shares(limited, Path, errors);
        if (limited.Integer("borrowingLimitPercent") is < 0 and long borrowing)
        {
            errors.Invalid($"{Path}.borrowingLimitPercent", borrowing, "if specified, must be a non-negative integer");
        }

        const string Response = Path + ".limitResponse";
        JsonObject? queuing = limited.Object("limitResponse", "queuing");
        switch (limited.TextOrEmpty("limitResponse", "type"))
        {
            case "Reject":
                if (queuing is not null)
                {
                    errors.Forbidden($"{Response}.queuing", "must be nil if limited.limitResponse.type is not Limited");
                }

                break;
            case "Queue" when queuing is null:
                errors.Required($"{Response}.queuing", "must not be empty if limited.limitResponse.type is Limited");
                break;
            case "Queue":
                Queuing(queuing, $"{Response}.queuing", errors);
                break;
            case var type:
                errors.NotSupported($"{Response}.type", type, ["Queue", "Reject"]);
                break;
        }
    }

    private static void Shares(JsonObject? level, FieldPath path, FieldErrors errors)
    {
        if (level.Integer("nominalConcurrencyShares") is < 0 and long shares)
        {
            errors.Invalid($"{path}.nominalConcurrencyShares", shares, "must be a non-negative integer");
        }

        if (level.Integer("lendablePercent") is { } percent and (< 0 or > 100))
        {
            errors.Invalid($"{path}.lendablePercent", percent, "must be between 0 and 100, inclusive");
        }
    }

    private static void Queuing(JsonObject queuing, FieldPath path, FieldErrors errors)
    {
        foreach (string name in (ReadOnlySpan<string>)["queueLengthLimit", "queues", "handSize"])
        {
            if (queuing.Integer(name) is null or <= 0)
            {
                errors.Invalid($"{path}.{name}", queuing.Integer(name) ?? 0, "must be positive");
            }
        }

        long queues = queuing.Integer("queues") ?? 0;
        if (queues > MostQueues)
        {
            errors.Invalid($"{path}.queues", queues, $"must not be greater than {MostQueues}");
        }

        if (queuing.Integer("handSize") is { } hand && hand > queues)
        {
            errors.Invalid($"{path}.handSize", hand, $"should not be greater than queues ({queues})");
        }
    }
}
