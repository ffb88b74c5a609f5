using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Jobs and cron jobs (pkg/apis/batch/validation).</summary>
internal static class BatchRules
{
    private const int CronJobNameLength = 52;
    private const long ParallelismOfIndexed = 100_000;

    private static readonly string[] Counts =
        ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"];

    private static readonly string[] ImmutableFields =
        ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"];

    private static readonly string[] SchedulingFields =
        ["nodeSelector", "affinity", "tolerations", "schedulingGates"];

    public static void Job(JsonObject job, FieldErrors errors)
    {
        JsonObject spec = job.Object("spec") ?? [];
        JobSpec(spec, "spec", errors);
        if (spec["selector"] is not { } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        SelectorRules.Validate(selector, "spec.selector", errors);
        if (!SelectorRules.Matches(selector, spec.TextMap("template", "metadata", "labels")))
        {
            errors.Invalid(
                "spec.template.metadata.labels",
                spec.At("template", "metadata", "labels"),
                "`selector` does not match template `labels`");
        }
    }

    /// <summary>A selector that the server should have made must select what the server's own labels say.</summary>
    public static void NewJob(JsonObject job, FieldErrors errors)
    {
        string uid = job.TextOrEmpty("metadata", "uid");
        string name = job.TextOrEmpty("metadata", "name");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["batch.kubernetes.io/controller-uid"] = uid,
            ["batch.kubernetes.io/job-name"] = name,
            ["controller-uid"] = uid,
            ["job-name"] = name,
        };
        if (job.Flag("spec", "manualSelector") == true || job.At("spec", "selector") is not { } selector)
        {
            return;
        }

        IReadOnlyDictionary<string, string> actual = job.TextMap("spec", "template", "metadata", "labels");
        foreach ((string key, string value) in labels.Where(label => actual.GetValueOrDefault(label.Key) != label.Value))
        {
            errors.Invalid($"spec.template.metadata.labels[{key}]", actual.GetValueOrDefault(key, ""), $"must be '{value}'");
        }

        if (!SelectorRules.Matches(selector, labels))
        {
            errors.Invalid("spec.selector", selector, "`selector` not auto-generated");
        }
    }

    public static void CronJob(JsonObject cronJob, FieldErrors errors)
    {
        JsonObject spec = cronJob.Object("spec") ?? [];
        Schedule(spec, errors);
        errors.OneOf(spec, "concurrencyPolicy", "spec", isRequired: true, "Allow", "Forbid", "Replace");
        errors.NonNegative(spec, "startingDeadlineSeconds", "spec");
        errors.NonNegative(spec, "successfulJobsHistoryLimit", "spec");
        errors.NonNegative(spec, "failedJobsHistoryLimit", "spec");
        JsonObject jobSpec = spec.Object("jobTemplate", "spec") ?? [];
        JobSpec(jobSpec, "spec.jobTemplate.spec", errors);
        if (jobSpec.Has("selector"))
        {
            errors.Invalid("spec.jobTemplate.spec.selector", jobSpec["selector"], "`selector` will be auto-generated");
        }

        if (jobSpec.Flag("manualSelector") == true)
        {
            errors.NotSupported("spec.jobTemplate.spec.manualSelector", "true", ["nil", "false"]);
        }

        string name = cronJob.TextOrEmpty("metadata", "name");
        if (name.Length > CronJobNameLength)
        {
            errors.Invalid("metadata.name", name, "must be no more than 52 characters");
        }
    }

    public static void JobChange(JsonObject job, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = job.Object("spec") ?? [];
        JsonObject before = old.Object("spec") ?? [];
        Completions(spec, before, errors);
        errors.Unchanged(spec["selector"], before["selector"], "spec.selector");
        Template(spec, before, old, errors);
        foreach (string name in ImmutableFields)
        {
            errors.Unchanged(spec[name], before[name], $"spec.{name}");
        }
    }

    private static void JobSpec(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        foreach (string count in Counts)
        {
            errors.NonNegative(spec, count, path);
        }

        errors.OneOf(spec, "completionMode", path, isRequired: false, "Indexed", "NonIndexed");
        bool isIndexed = spec.Text("completionMode") == "Indexed";
        if (isIndexed && !spec.Has("completions"))
        {
            errors.Required($"{path}.completions", "when completion mode is Indexed");
        }

        if (isIndexed && spec.Integer("parallelism") is > ParallelismOfIndexed and long parallelism)
        {
            errors.Invalid($"{path}.parallelism", parallelism, "must be less than or equal to 100000 when completion mode is Indexed");
        }

        if (!isIndexed && spec.Has("backoffLimitPerIndex"))
        {
            errors.Invalid(
                $"{path}.backoffLimitPerIndex", spec.Integer("backoffLimitPerIndex"), "requires indexed completion mode");
        }

        if (spec.Has("maxFailedIndexes") && !spec.Has("backoffLimitPerIndex"))
        {
            errors.Required($"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }

        if (spec.TextOrEmpty("managedBy") is { Length: > 0 } manager && !manager.Contains('/', StringComparison.Ordinal))
        {
            errors.Invalid($"{path}.managedBy", manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }

        JobPolicyRules.Failure(spec, path, errors);
        JobPolicyRules.Success(spec, path, errors);
        JsonObject? template = spec.Object("template");
        PodRules.Template(template, $"{path}.template", errors);
        string policy = template.TextOrEmpty("spec", "restartPolicy");
        if (policy is "" or "Always")
        {
            errors.Required($"{path}.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
        else if (policy is not ("OnFailure" or "Never"))
        {
            errors.NotSupported($"{path}.template.spec.restartPolicy", policy, ["OnFailure", "Never"]);
        }
    }

    private static void Schedule(JsonObject spec, FieldErrors errors)
    {
        string schedule = spec.TextOrEmpty("schedule");
        if (schedule.Length == 0)
        {
            errors.Required("spec.schedule");
        }
        else if (schedule.Contains("TZ", StringComparison.Ordinal))
        {
            errors.Invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
        else if (CronSyntax.Check(schedule) is { } wrong)
        {
            errors.Invalid("spec.schedule", schedule, wrong);
        }

        if (spec.Text("timeZone") is not { } zone)
        {
            return;
        }

        if (zone.Length == 0)
        {
            errors.Invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
        }
        else if (string.Equals(zone, "Local", StringComparison.OrdinalIgnoreCase))
        {
            errors.Invalid("spec.timeZone", zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            errors.Invalid("spec.timeZone", zone, $"unknown time zone {zone}");
        }
    }

    // An indexed job may be made larger or smaller when completions and parallelism change together.
    private static void Completions(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        if (spec["completions"].SameAs(before["completions"]))
        {
            return;
        }

        bool isElastic = before.Text("completionMode") == "Indexed" && spec.Has("completions")
            && spec.Integer("completions") == spec.Integer("parallelism");
        if (!isElastic)
        {
            errors.Invalid("spec.completions", spec["completions"], Checks.Immutable);
        }
    }

    // A suspended job that has not started yet may still be steered to other nodes.
    private static void Template(JsonObject spec, JsonObject before, JsonObject old, FieldErrors errors)
    {
        JsonNode? template = spec["template"]?.DeepClone();
        bool canBeSteered = before.Flag("suspend") == true && !old.Has("status", "startTime");
        if (canBeSteered && template.Object("spec") is { } podSpec)
        {
            foreach (string name in SchedulingFields)
            {
                podSpec.SetCopy(name, before.At("template", "spec", name));
            }

            if (template.Object("metadata") is { } metadata)
            {
                metadata.SetCopy("labels", before.At("template", "metadata", "labels"));
                metadata.SetCopy("annotations", before.At("template", "metadata", "annotations"));
            }
        }

        if (!template.SameAs(before["template"]))
        {
            errors.Invalid("spec.template", spec["template"], Checks.Immutable);
        }
    }
}
