using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Workloads.Translation;

/// <summary>
/// Shows what a pod would be submitted as. Admission calls it for a server-side dry run, and to refuse annotations that no
/// job can be made of.
/// </summary>
public interface IJobPreview
{
    /// <summary>
    /// Whether there is anything a pod can be refused for: annotations that a job is made of, or limits of the site. Quick, for most
    /// pods have neither.
    /// </summary>
    bool MayBeRefused(JsonObject pod);

    /// <summary>The script, or null when <paramref name="errors"/> names what is wrong with the pod.</summary>
    string? Preview(JsonObject pod, FieldErrors errors);
}
