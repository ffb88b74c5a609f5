using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>One object that the chaos test changes, what it should be in the end, and how to tell that it is.</summary>
internal sealed class ChaosWorkload(string kind, string group, string plural, string name)
{
    private const string Namespace = "default";

    public string Kind => kind;

    public string Name => name;

    public int Replicas { get; set; } = 2;

    public int Image { get; set; } = 1;

    public bool IsPaused { get; set; }

    /// <summary>What happens when starts overlap, of a CronJob.</summary>
    public string Concurrency { get; set; } = "Allow";

    public bool HasReplicas => kind is not ("DaemonSet" or "Job" or "CronJob" or "PersistentVolumeClaim");

    /// <summary>Nothing of it may be changed once it is there.</summary>
    public bool IsFixed => kind is "Job" or "PersistentVolumeClaim";

    public bool CanRoll => kind is "Deployment" or "StatefulSet" or "DaemonSet";

    /// <summary>What a Job or a CronJob left behind belongs to nobody; all others take their orphans back.</summary>
    public bool CanOrphan => kind is not ("Job" or "CronJob");

    private bool DeletesClaims => kind == "StatefulSet" && name.Contains("parallel", StringComparison.Ordinal);

    public string Path => $"{Collection}/{name}";

    public string Collection => group == "v1" ? $"/api/v1/namespaces/{Namespace}/{plural}" : $"/apis/{group}/namespaces/{Namespace}/{plural}";

    private string ImageName => $"app:{Image.ToString(CultureInfo.InvariantCulture)}";

    public JsonObject Body() => new()
    {
        ["apiVersion"] = group,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = kind switch
        {
            "Job" => JobSpec(completions: 3),
            "CronJob" => CronSpec(),
            "PersistentVolumeClaim" => ClaimSpec(),
            _ => PodsSpec(),
        },
    };

    /// <summary>A Job as <c>kubectl create job --from=cronjob/…</c> makes it.</summary>
    public JsonObject ManualJob(JsonObject cronJob, int number) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}-manual-{number}"),
            ["annotations"] = new JsonObject { ["cronjob.kubernetes.io/instantiate"] = "manual" },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = group,
                ["kind"] = kind,
                ["name"] = name,
                ["uid"] = ChaosWorld.Uid(cronJob),
                ["controller"] = true,
            }),
        },
        ["spec"] = JobSpec(completions: 1),
    };

    public JsonObject Template() => new()
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(Container()) } },
        },
    };

    /// <summary>Why the object and what it brought about are not yet as they should be; null when they are.</summary>
    public string? Complaint(JsonObject? found, ChaosWorld world)
    {
        if (found is null || found.Has("metadata", "deletionTimestamp"))
        {
            return $"{name} is not there";
        }

        JsonObject[] pods = [.. world.Pods.Where(pod => pod.Text("metadata", "labels", "app") == name)];
        return kind switch
        {
            "Job" => JobComplaint(found, pods),
            "CronJob" => CronComplaint(found, world),
            "PersistentVolumeClaim" => found.Text("status", "phase") == "Bound" ? null : $"{name} is not bound: {found["status"]?.ToJsonString()}",
            "StatefulSet" => PodsComplaint(found, pods, world.Nodes) ?? ClaimsComplaint(found, world),
            _ => PodsComplaint(found, pods, world.Nodes),
        };
    }

    private string? PodsComplaint(JsonObject found, JsonObject[] pods, int nodes)
    {
        int wanted = kind == "DaemonSet" ? nodes : Replicas;
        string[] counts = kind switch
        {
            "Deployment" => ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"],
            "DaemonSet" => ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "numberAvailable", "updatedNumberScheduled"],
            "StatefulSet" => ["replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "currentReplicas"],
            _ => ["replicas", "readyReplicas", "availableReplicas", "fullyLabeledReplicas"],
        };
        string? wrong = counts.FirstOrDefault(count => (found.Integer("status", count) ?? 0) != wanted);
        if (wrong is not null || found.Integer("status", "observedGeneration") != found.Integer("metadata", "generation"))
        {
            return $"{name}: {wrong ?? "observedGeneration"} is not {wanted}: {found["status"]?.ToJsonString()}";
        }

        if (pods.Length != wanted || pods.Any(pod => pod.Text("status", "phase") != "Running" || pod.Has("metadata", "deletionTimestamp")))
        {
            return $"{name} has {pods.Length} pods, not {wanted} that run";
        }

        if (CanRoll && pods.Any(pod => pod.Objects("spec", "containers").First().Text("image") != ImageName))
        {
            return $"{name} has pods of another image than {ImageName}";
        }

        IEnumerable<string> names = pods.Select(pod => pod.TextOrEmpty("metadata", "name")).Order(StringComparer.Ordinal);
        return kind == "StatefulSet" && !names.SequenceEqual(Enumerable.Range(0, wanted).Select(i => $"{name}-{i}").Order(StringComparer.Ordinal))
            ? $"{name} has pods with other names: {string.Join(' ', names)}"
            : null;
    }

    private string? JobComplaint(JsonObject found, JsonObject[] pods)
    {
        bool isComplete = found.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Complete" && condition.Text("status") == "True");
        if (!isComplete)
        {
            return $"{name} is not complete: {found["status"]?.ToJsonString()}";
        }

        if (found.Integer("status", "succeeded") != 3 || found.Has("status", "active"))
        {
            return $"{name} did not count 3: {found["status"]?.ToJsonString()}";
        }

        return pods.Any(pod => pod.Texts("metadata", "finalizers").Any()) ? $"{name} still holds its pods" : null;
    }

    private string? CronComplaint(JsonObject found, ChaosWorld world)
    {
        if (found.Objects("status", "active").Any())
        {
            return $"{name} has active jobs: {found["status"]?.ToJsonString()}";
        }

        JsonObject[] jobs = [.. world.Jobs.Where(job => ChaosWorld.HasController(job, new HashSet<string>([ChaosWorld.Uid(found)], StringComparer.Ordinal)))];
        string[] ends = [.. jobs.Select(End)];
        return Array.IndexOf(ends, "") is >= 0 and int running ? $"{jobs[running].Text("metadata", "name")} has not ended: {jobs[running]["status"]?.ToJsonString()}"
            : ends.Count(end => end == "Complete") > 1 || ends.Count(end => end == "Failed") > 1 ? $"{name} keeps more than its history: {string.Join(' ', ends)}"
            : null;
    }

    private static string End(JsonObject job) => job.Objects("status", "conditions")
        .FirstOrDefault(condition => condition.Text("type") is "Complete" or "Failed" && condition.Text("status") == "True").TextOrEmpty("type");

    private string? ClaimsComplaint(JsonObject found, ChaosWorld world)
    {
        foreach (int ordinal in Enumerable.Range(0, Replicas))
        {
            string claimName = string.Create(CultureInfo.InvariantCulture, $"data-{name}-{ordinal}");
            JsonObject? claim = world.Claims.FirstOrDefault(each => each.Text("metadata", "name") == claimName);
            if (claim is null || claim.Has("metadata", "deletionTimestamp") || claim.Text("status", "phase") != "Bound")
            {
                return $"{claimName} is not bound";
            }

            bool isOwned = claim.Objects("metadata", "ownerReferences").Any(owner => owner.Text("uid") == ChaosWorld.Uid(found));
            if (isOwned != DeletesClaims)
            {
                return $"{claimName} has other owners than its set's policy says: {claim.At("metadata", "ownerReferences")?.ToJsonString()}";
            }
        }

        return null;
    }

    private JsonObject PodTemplate() => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(Container()) },
    };

    private JsonObject JobSpec(int completions)
    {
        JsonObject template = PodTemplate();
        template.Ensure("spec")["restartPolicy"] = "Never";
        return new JsonObject
        {
            ["completions"] = completions,
            ["backoffLimit"] = kind == "CronJob" ? 0 : 1000,
            ["parallelism"] = 2,
            ["completionMode"] = name.Contains("indexed", StringComparison.Ordinal) ? "Indexed" : "NonIndexed",
            ["template"] = template,
        };
    }

    private JsonObject CronSpec() => new()
    {
        ["schedule"] = "* * * * *",
        ["suspend"] = IsPaused,
        ["concurrencyPolicy"] = Concurrency,
        ["successfulJobsHistoryLimit"] = 1,
        ["failedJobsHistoryLimit"] = 1,
        ["jobTemplate"] = new JsonObject { ["spec"] = JobSpec(completions: 1) },
    };

    private static JsonObject ClaimSpec() => new()
    {
        ["accessModes"] = new JsonArray("ReadWriteOnce"),
        ["storageClassName"] = "home",
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
    };

    private JsonObject PodsSpec()
    {
        var labels = new JsonObject { ["app"] = name };
        var spec = new JsonObject
        {
            ["selector"] = kind == "ReplicationController" ? labels : new JsonObject { ["matchLabels"] = labels },
            ["template"] = PodTemplate(),
        };
        if (HasReplicas)
        {
            spec["replicas"] = Replicas;
        }

        if (kind == "Deployment" && IsPaused)
        {
            spec["paused"] = true;
        }

        if (kind == "StatefulSet")
        {
            spec["serviceName"] = name;
            spec["podManagementPolicy"] = DeletesClaims ? "Parallel" : "OrderedReady";
            string claims = DeletesClaims ? "Delete" : "Retain";
            spec["persistentVolumeClaimRetentionPolicy"] = new JsonObject { ["whenDeleted"] = claims, ["whenScaled"] = claims };
            spec["volumeClaimTemplates"] = new JsonArray(new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "data" },
                ["spec"] = ClaimSpec(),
            });
        }

        return spec;
    }

    private JsonObject Container() => new() { ["name"] = "main", ["image"] = ImageName };
}
