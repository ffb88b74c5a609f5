using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Hosting;

/// <summary>
/// Refuses a pod of whose annotations no job can be made, with the field, before it waits for ever; a template with such annotations
/// is accepted with a warning. A dry run of a pod gets the script that would be submitted as an annotation.
/// </summary>
internal sealed class JobScriptAdmission(IJobPreview preview) : IAdmissionPlugin
{
    public string Name => "SlurmJobScript";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is { Operation: AdmissionOperation.Create, Subresource: null, DryRun: true, Kind: { Group: "", Kind: "Pod" }, Object: { } pod }
            && preview.Preview(pod, new FieldErrors()) is { } script)
        {
            pod.Ensure("metadata", "annotations")[WorkloadAnnotations.JobScript] = script;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Operation: AdmissionOperation.Create or AdmissionOperation.Update, Subresource: null, Object: { } wanted })
        {
            return ValueTask.CompletedTask;
        }

        var errors = new FieldErrors();
        if (request.Kind is { Group: "", Kind: "Pod" })
        {
            // What was accepted once stays as it is; only a change of annotations is looked at again.
            bool isNews = request.OldObject is null
                || !JsonNode.DeepEquals(request.OldObject.Object("metadata")?["annotations"], wanted.Object("metadata")?["annotations"]);
            if (isNews && preview.MayBeRefused(wanted) && preview.Preview(wanted, errors) is null)
            {
                throw ApiErrors.Invalid(request.Kind, request.Key.Name, errors.Causes);
            }
        }
        else if (request.Kind.Group is "apps" or "batch")
        {
            (string path, JsonObject? template) = FindTemplate(wanted);
            if (template is not null && template.Object("spec") is not null && preview.MayBeRefused(template)
                && preview.Preview(template, errors) is null)
            {
                foreach (StatusCause cause in errors.Causes)
                {
                    request.Warnings.Add($"{path}.{cause.Field}: {cause.Message}; its pods will be refused");
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private static (string Path, JsonObject? Template) FindTemplate(JsonObject wanted) =>
        wanted.Object("spec")?.Object("jobTemplate")?.Object("spec")?.Object("template") is { } nested
            ? ("spec.jobTemplate.spec.template", nested)
            : ("spec.template", wanted.Object("spec")?.Object("template"));
}
