using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Probes and lifecycle hooks of a container.</summary>
internal static class ProbeRules
{
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    private static readonly string[] Counts =
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void Lifecycle(JsonObject container, FieldPath path, FieldErrors errors)
    {
        foreach (string name in (ReadOnlySpan<string>)["postStart", "preStop"])
        {
            if (container.Object("lifecycle", name) is { } hook)
            {
                Handler(hook, $"{path}.lifecycle.{name}", errors);
            }
        }
    }

    public static void Probes(JsonObject container, FieldPath path, FieldErrors errors)
    {
        Probe(container, "livenessProbe", path, mustSucceedOnce: true, errors);
        Probe(container, "readinessProbe", path, mustSucceedOnce: false, errors);
        Probe(container, "startupProbe", path, mustSucceedOnce: true, errors);
        if (container.Has("readinessProbe", "terminationGracePeriodSeconds"))
        {
            errors.Invalid(
                $"{path}.readinessProbe.terminationGracePeriodSeconds",
                container.Integer("readinessProbe", "terminationGracePeriodSeconds"),
                "must not be set for readinessProbes");
        }
    }

    private static void Probe(JsonObject container, string name, FieldPath path, bool mustSucceedOnce, FieldErrors errors)
    {
        if (container.Object(name) is not { } probe)
        {
            return;
        }

        FieldPath field = $"{path}.{name}";
        Handler(probe, field, errors);
        foreach (string count in Counts)
        {
            errors.NonNegative(probe, count, field);
        }

        if (probe.Integer("terminationGracePeriodSeconds") is <= 0 and long grace)
        {
            errors.Invalid($"{field}.terminationGracePeriodSeconds", grace, "must be greater than 0");
        }

        if (mustSucceedOnce && probe.Integer("successThreshold") is { } successes and not 1)
        {
            errors.Invalid($"{field}.successThreshold", successes, "must be 1");
        }
    }

    private static void Handler(JsonObject holder, FieldPath path, FieldErrors errors)
    {
        string? first = null;
        foreach (string name in Handlers)
        {
            if (holder.Object(name) is not { } handler)
            {
                continue;
            }

            if (first is not null)
            {
                errors.Forbidden($"{path}.{name}", "may not specify more than 1 handler type");
                continue;
            }

            first = name;
            Handler(name, handler, $"{path}.{name}", errors);
        }

        if (first is null)
        {
            errors.Required(path, "must specify a handler type");
        }
    }

    private static void Handler(string name, JsonObject handler, FieldPath path, FieldErrors errors)
    {
        switch (name)
        {
            case "exec" when handler.Array("command") is not { Count: > 0 }:
                errors.Required($"{path}.command");
                break;
            case "httpGet":
                errors.RequiredText(handler, "path", path);
                errors.Port(handler["port"], $"{path}.port");
                errors.OneOf(handler, "scheme", path, isRequired: true, "HTTP", "HTTPS");
                break;
            case "tcpSocket" or "grpc":
                errors.Port(handler["port"], $"{path}.port");
                break;
            default:
                break;
        }
    }
}
