using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Deployments, replica sets, stateful sets, daemon sets and replication controllers (pkg/apis/apps/validation).</summary>
internal static class WorkloadRules
{
    private const string StatefulSetChange =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
        + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] ChangeableOfStatefulSet =
    [
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];

    public static void Deployment(JsonObject deployment, FieldErrors errors)
    {
        JsonObject spec = deployment.Object("spec") ?? [];
        errors.NonNegative(spec, "replicas", "spec");
        Selector(spec, "deployment", errors);
        Template(spec, "ReplicaSet", errors);
        Strategy(spec, errors);
        errors.NonNegative(spec, "minReadySeconds", "spec");
        errors.NonNegative(spec, "revisionHistoryLimit", "spec");
        errors.NonNegative(spec, "progressDeadlineSeconds", "spec");
        if (spec.Integer("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Integer("minReadySeconds") ?? 0))
        {
            errors.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        }
    }

    public static void ReplicaSet(JsonObject set, FieldErrors errors)
    {
        JsonObject spec = set.Object("spec") ?? [];
        errors.NonNegative(spec, "replicas", "spec");
        errors.NonNegative(spec, "minReadySeconds", "spec");
        Selector(spec, "deployment", errors);
        Template(spec, "ReplicaSet", errors);
    }

    public static void ReplicationController(JsonObject controller, FieldErrors errors)
    {
        JsonObject spec = controller.Object("spec") ?? [];
        errors.NonNegative(spec, "minReadySeconds", "spec");
        if (spec.Object("selector") is not { Count: > 0 } selector)
        {
            errors.Required("spec.selector");
            selector = [];
        }

        errors.NonNegative(spec, "replicas", "spec");
        if (spec.Object("template") is not { } template)
        {
            errors.Required("spec.template");
            return;
        }

        IReadOnlyDictionary<string, string> labels = template.TextMap("metadata", "labels");
        if (selector.Any(wanted => labels.GetValueOrDefault(wanted.Key) != wanted.Value.Text()))
        {
            Mismatch(template, errors);
        }

        PodRules.Template(template, "spec.template", errors);
        AlwaysRestarts(template, "ReplicationController", errors);
    }

    public static void DaemonSet(JsonObject set, FieldErrors errors)
    {
        JsonObject spec = set.Object("spec") ?? [];
        Selector(spec, "daemonset", errors);
        Template(spec, "DaemonSet", errors);
        errors.NonNegative(spec, "minReadySeconds", "spec");
        errors.OneOf(spec.Object("updateStrategy"), "type", "spec.updateStrategy", isRequired: true, "RollingUpdate", "OnDelete");
        if (spec.Object("updateStrategy", "rollingUpdate") is { } rolling)
        {
            const string Path = "spec.updateStrategy.rollingUpdate";
            errors.IntOrPercent(rolling, "maxUnavailable", Path, atMostAll: true);
            errors.IntOrPercent(rolling, "maxSurge", Path, atMostAll: true);
            bool canSurge = !Checks.IsZeroScale(rolling["maxSurge"]);
            bool canLose = !Checks.IsZeroScale(rolling["maxUnavailable"]);
            if (canSurge && canLose)
            {
                errors.Invalid($"{Path}.maxSurge", rolling["maxSurge"], "may not be set when maxUnavailable is non-zero");
            }
            else if (!canSurge && !canLose)
            {
                errors.Required($"{Path}.maxUnavailable", "cannot be 0 when maxSurge is 0");
            }
        }

        errors.NonNegative(spec, "revisionHistoryLimit", "spec");
    }

    public static void StatefulSet(JsonObject set, FieldErrors errors)
    {
        JsonObject spec = set.Object("spec") ?? [];
        errors.OneOf(spec, "podManagementPolicy", "spec", isRequired: true, "OrderedReady", "Parallel");
        errors.OneOf(spec.Object("updateStrategy"), "type", "spec.updateStrategy", isRequired: true, "RollingUpdate", "OnDelete");
        errors.NonNegative(spec.Object("updateStrategy", "rollingUpdate"), "partition", "spec.updateStrategy.rollingUpdate");
        JsonObject? retention = spec.Object("persistentVolumeClaimRetentionPolicy");
        errors.OneOf(retention, "whenDeleted", "spec.persistentVolumeClaimRetentionPolicy", isRequired: false, "Retain", "Delete");
        errors.OneOf(retention, "whenScaled", "spec.persistentVolumeClaimRetentionPolicy", isRequired: false, "Retain", "Delete");
        errors.NonNegative(spec, "replicas", "spec");
        errors.NonNegative(spec, "minReadySeconds", "spec");
        errors.NonNegative(spec.Object("ordinals"), "start", "spec.ordinals");
        errors.OptionalText(spec, "serviceName", "spec", Formats.DnsSubdomain);
        Selector(spec, "statefulset", errors);
        JsonObject template = spec.Object("template") ?? [];
        if (!SelectorRules.Matches(spec["selector"], template.TextMap("metadata", "labels")))
        {
            Mismatch(template, errors);
        }

        // Claim templates are volumes, too: a container may mount them by name.
        PodRules.Template(WithClaims(spec, template), "spec.template", errors);
        AlwaysRestarts(template, "StatefulSet", errors);
    }

    public static void SelectorChange(JsonObject obj, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(obj.At("spec", "selector"), old.At("spec", "selector"), "spec.selector");

    public static void StatefulSetChanges(JsonObject set, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = set.Object("spec") ?? [];
        JsonObject before = old.Object("spec") ?? [];
        foreach (string name in spec.Select(field => field.Key).Union(before.Select(field => field.Key), StringComparer.Ordinal))
        {
            if (!ChangeableOfStatefulSet.Contains(name, StringComparer.Ordinal) && !spec[name].SameAs(before[name]))
            {
                errors.Forbidden("spec", StatefulSetChange);
                return;
            }
        }
    }

    private static void Selector(JsonObject spec, string kind, FieldErrors errors)
    {
        if (spec["selector"] is not { } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        SelectorRules.Validate(selector, "spec.selector", errors);
        if (SelectorRules.IsEmpty(selector))
        {
            errors.Invalid("spec.selector", selector, $"empty selector is invalid for {kind}");
        }
    }

    private static void Template(JsonObject spec, string kind, FieldErrors errors)
    {
        JsonObject template = spec.Object("template") ?? [];
        bool isChecked = spec["selector"] is null || !SelectorRules.IsEmpty(spec["selector"]);
        if (isChecked && !SelectorRules.Matches(spec["selector"], template.TextMap("metadata", "labels")))
        {
            Mismatch(template, errors);
        }

        PodRules.Template(template, "spec.template", errors);
        AlwaysRestarts(template, kind, errors);
    }

    private static void Mismatch(JsonObject template, FieldErrors errors) => errors.Invalid(
        "spec.template.metadata.labels",
        template.At("metadata", "labels"),
        "`selector` does not match template `labels`");

    private static void AlwaysRestarts(JsonObject template, string kind, FieldErrors errors)
    {
        if (template.Text("spec", "restartPolicy") is { } policy and not "Always")
        {
            errors.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]);
        }

        if (template.Has("spec", "activeDeadlineSeconds"))
        {
            errors.Forbidden("spec.template.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
        }
    }

    private static void Strategy(JsonObject spec, FieldErrors errors)
    {
        const string Path = "spec.strategy";
        JsonObject? strategy = spec.Object("strategy");
        errors.OneOf(strategy, "type", Path, isRequired: true, "Recreate", "RollingUpdate");
        JsonObject? rolling = strategy.Object("rollingUpdate");
        if (strategy.Text("type") == "Recreate")
        {
            if (rolling is not null)
            {
                errors.Forbidden($"{Path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
            }

            return;
        }

        errors.IntOrPercent(rolling, "maxUnavailable", $"{Path}.rollingUpdate", atMostAll: true);
        errors.IntOrPercent(rolling, "maxSurge", $"{Path}.rollingUpdate");
        if (rolling is not null && Checks.IsZeroScale(rolling["maxUnavailable"]) && Checks.IsZeroScale(rolling["maxSurge"]))
        {
            errors.Invalid($"{Path}.rollingUpdate.maxUnavailable", rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0");
        }
    }

    private static JsonObject WithClaims(JsonObject spec, JsonObject template)
    {
        string[] claims = [.. spec.Objects("volumeClaimTemplates").Select(claim => claim.TextOrEmpty("metadata", "name"))];
        if (claims.Length == 0)
        {
            return template;
        }

        var copy = (JsonObject)template.DeepClone();
        JsonObject podSpec = copy.Ensure("spec");
        JsonArray volumes = podSpec.EnsureArray("volumes");
        foreach (string claim in claims.Where(claim => !podSpec.Objects("volumes").Any(volume => volume.Text("name") == claim)))
        {
            volumes.Add((JsonNode)new JsonObject { ["name"] = claim, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
        }

        return copy;
    }
}
