using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>
/// Jobs (pkg/registry/batch/job): unless <c>manualSelector</c> is set, the server makes a selector that can match no other job's pods.
/// </summary>
internal static class JobStrategy
{
    /// <summary>Old and new names of the two labels.</summary>
    private static readonly (string Uid, string Name)[] Labels =
    [
        ("batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"),
        ("controller-uid", "job-name"),
    ];

    public static void PrepareForCreate(JsonObject job)
    {
        JsonObject spec = job.Ensure("spec");
        if (spec.Flag("manualSelector") != true)
        {
            string uid = job.TextOrEmpty("metadata", "uid");
            string name = job.TextOrEmpty("metadata", "name");
            JsonObject templateLabels = spec.Ensure("template", "metadata", "labels");
            foreach ((string uidLabel, string nameLabel) in Labels)
            {
                templateLabels.Default(uidLabel, uid);
                templateLabels.Default(nameLabel, name);
            }

            JsonObject matchLabels = spec.Ensure("selector", "matchLabels");
            matchLabels.Default(Labels[0].Uid, uid);
        }

        // Decoding what was stored copies the template's labels to a job that has none.
        if (spec.Object("template", "metadata", "labels") is { Count: > 0 } labels
            && job.Object("metadata", "labels") is not { Count: > 0 })
        {
            job.Ensure("metadata")["labels"] = labels.DeepClone();
        }
    }

    /// <summary>A client that applies its own manifest again does not know the labels and the selector that were generated.</summary>
    public static void PrepareForUpdate(JsonObject job, JsonObject old)
    {
        JsonObject spec = job.Ensure("spec");
        spec.SetCopy("selector", spec["selector"] ?? old.At("spec", "selector"));
    }
}
