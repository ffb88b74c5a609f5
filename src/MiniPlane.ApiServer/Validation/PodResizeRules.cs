using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>What <c>/resize</c> may change in a pod that runs (pkg/apis/core/validation.ValidatePodResize).</summary>
internal static class PodResizeRules
{
    private static readonly string[] Mutable = ["cpu", "memory"];

    public static void Validate(JsonObject pod, JsonObject old, FieldErrors errors)
    {
        PodRules.Pod(pod, errors);
        string before = old.Text("status", "qosClass") ?? QosClass.Of(old);
        if (QosClass.Of(pod) is { } now && now != before)
        {
            errors.Invalid("spec", now, "Pod QOS Class may not change as a result of resizing");
        }

        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach ((JsonObject container, FieldPath field) in Checks.Items(pod.Object("spec"), list, "spec"))
            {
                JsonObject? known = old.Objects("spec", list).FirstOrDefault(other => other.Text("name") == container.Text("name"));
                Container(container, known, list, field, errors);
            }
        }
    }

    private static void Container(JsonObject container, JsonObject? old, string list, FieldPath path, FieldErrors errors)
    {
        if (old is null || container["resources"].SameAs(old["resources"]))
        {
            return;
        }

        if (list == "initContainers" && container.Text("restartPolicy") != "Always")
        {
            errors.Forbidden("spec", "resources for non-sidecar init containers are immutable");
            return;
        }

        if (!WithoutMutable(container.Object("resources")).SameAs(WithoutMutable(old.Object("resources"))))
        {
            errors.Forbidden("spec", "only cpu and memory resources are mutable");
        }

        foreach (string kind in (ReadOnlySpan<string>)["limits", "requests"])
        {
            foreach (string name in Mutable)
            {
                if (old.Has("resources", kind, name) && !container.Has("resources", kind, name))
                {
                    errors.Forbidden($"{path}.resources.{kind}", $"resource {kind} cannot be removed");
                    break;
                }
            }
        }
    }

    private static JsonObject WithoutMutable(JsonObject? resources)
    {
        var rest = resources?.DeepClone() as JsonObject ?? [];
        foreach (string kind in (ReadOnlySpan<string>)["limits", "requests"])
        {
            if (rest.Object(kind) is not { } quantities)
            {
                continue;
            }

            foreach (string name in Mutable)
            {
                quantities.Remove(name);
            }

            if (quantities.Count == 0)
            {
                rest.Remove(kind);
            }
        }

        return rest;
    }
}
