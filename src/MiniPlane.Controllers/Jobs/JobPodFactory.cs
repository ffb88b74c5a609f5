using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>Makes the pods of a Job: with the tracking finalizer, and for an Indexed Job with their index. Pure.</summary>
internal static class JobPodFactory
{
    /// <summary>
    /// A pod of <paramref name="job"/>; <paramref name="index"/> is null for a Job without indexes, <paramref name="failures"/> for one
    /// that does not count them per index.
    /// </summary>
    public static JsonObject Make(
        PodControl pods, ObjectDocument job, JsonObject template, int? index, (int Failures, int Ignored)? failures)
    {
        JsonObject pod = pods.FromTemplate(job, template);
        JsonObject metadata = pod.Ensure("metadata");
        JsonArray finalizers = metadata.EnsureArray("finalizers");
        if (!metadata.Texts("finalizers").Contains(JobPods.Finalizer, StringComparer.Ordinal))
        {
            finalizers.Add((JsonNode)JobPods.Finalizer);
        }

        if (index is { } number)
        {
            AddIndex(pod, job.Metadata.Name, number.ToString(CultureInfo.InvariantCulture));
        }

        if (failures is { } before)
        {
            JsonObject annotations = metadata.Ensure("annotations");
            annotations[IndexFailures.CountAnnotation] = before.Failures.ToString(CultureInfo.InvariantCulture);
            if (before.Ignored > 0)
            {
                annotations[IndexFailures.IgnoredAnnotation] = before.Ignored.ToString(CultureInfo.InvariantCulture);
            }
        }

        return pod;
    }

    private static void AddIndex(JsonObject pod, string job, string index)
    {
        JsonObject metadata = pod.Ensure("metadata");
        metadata["generateName"] = $"{job}-{index}-";
        metadata.Ensure("annotations")[JobPods.IndexAnnotation] = index;
        metadata.Ensure("labels")[JobPods.IndexAnnotation] = index;
        pod.Ensure("spec")["hostname"] = $"{job}-{index}";
        IEnumerable<JsonObject> containers = pod.Objects("spec", "containers").Concat(pod.Objects("spec", "initContainers"));
        foreach (JsonObject container in containers)
        {
            AddVariable(container);
        }
    }

    private static void AddVariable(JsonObject container)
    {
        const string Variable = "JOB_COMPLETION_INDEX";
        JsonArray variables = container.EnsureArray("env");
        if (container.Objects("env").Any(variable => variable.TextOrEmpty("name") == Variable))
        {
            return;
        }

        variables.Add((JsonNode)new JsonObject
        {
            ["name"] = Variable,
            ["valueFrom"] = new JsonObject
            {
                ["fieldRef"] = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["fieldPath"] = $"metadata.labels['{JobPods.IndexAnnotation}']",
                },
            },
        });
    }
}
