using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of jobs and cron jobs (pkg/apis/batch/v1/defaults.go).</summary>
internal static class BatchDefaults
{
    private const long BackoffLimit = 6;

    public static void Job(JsonObject job)
    {
        JsonObject spec = job.Ensure("spec");
        if (!spec.Has("completions") && !spec.Has("parallelism"))
        {
            spec["completions"] = 1;
        }

        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", spec.Has("backoffLimitPerIndex") ? int.MaxValue : BackoffLimit);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("manualSelector", false);
        spec.Default("podReplacementPolicy", spec.Has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        foreach (JsonObject rule in spec.Objects("podFailurePolicy", "rules"))
        {
            foreach (JsonObject pattern in rule.Objects("onPodConditions"))
            {
                pattern.DefaultText("status", "True");
            }
        }

        JsonObject template = spec.Ensure("template");
        PodDefaults.Template(template);
        JsonObject metadata = job.Ensure("metadata");
        if (template.Object("metadata", "labels") is { Count: > 0 } labels && metadata.Object("labels") is not { Count: > 0 })
        {
            metadata["labels"] = labels.DeepClone();
        }
    }

    /// <summary>The job template inside gets its defaults when a job is made from it, not before; its pods do at once.</summary>
    public static void CronJob(JsonObject cronJob)
    {
        JsonObject spec = cronJob.Ensure("spec");
        spec.DefaultText("concurrencyPolicy", "Allow");
        spec.Default("suspend", false);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("failedJobsHistoryLimit", 1);
        JsonObject template = spec.Ensure("jobTemplate");
        template.Ensure("metadata");
        PodDefaults.Template(template.Ensure("spec", "template"));
    }
}
