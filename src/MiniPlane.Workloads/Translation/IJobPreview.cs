using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Workloads.Translation;

/// <summary>
/// Shows what a pod would be submitted as. Admission calls it for a server-side dry run, and to refuse annotations that no
/// job can be made of.
/// </summary>
public interface IJobPreview
{
    /// <summary>Whether the pod has annotations that a job is made of; without any there is nothing to be refused.</summary>
    bool HasJobAnnotations(JsonObject pod);

    /// <summary>The script, or null when <paramref name="errors"/> names what is wrong with the pod.</summary>
    string? Preview(JsonObject pod, FieldErrors errors);
}
