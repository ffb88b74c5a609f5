using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Ingresses (pkg/apis/networking/validation).</summary>
internal static class IngressRules
{
    private static readonly string[] BadPathParts = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] BadPathEnds = ["/..", "/."];

    public static void Ingress(JsonObject ingress, FieldErrors errors)
    {
        JsonObject spec = ingress.Object("spec") ?? [];
        if (spec.Array("rules") is not { Count: > 0 } && !spec.Has("defaultBackend"))
        {
            errors.Invalid("spec", spec["rules"], "either `defaultBackend` or `rules` must be specified");
        }

        foreach ((JsonObject tls, FieldPath field) in Checks.Items(spec, "tls", "spec"))
        {
            int index = 0;
            foreach (string host in tls.Texts("hosts"))
            {
                errors.Format(host, $"{field}.hosts[{index++}]", HostFormat(host));
            }
        }

        if (spec.Object("defaultBackend") is { } backend)
        {
            Backend(backend, "spec.defaultBackend", errors);
        }

        foreach ((JsonObject rule, FieldPath field) in Checks.Items(spec, "rules", "spec"))
        {
            Host(rule, field, errors);
            foreach ((JsonObject path, FieldPath pathField) in Checks.Items(rule.Object("http"), "paths", $"{field}.http"))
            {
                Path(path, pathField, errors);
            }

            if (rule.Has("http") && rule.Array("http", "paths") is not { Count: > 0 })
            {
                errors.Required($"{field}.http.paths");
            }
        }

        errors.OptionalText(spec, "ingressClassName", "spec", Formats.DnsSubdomain);
    }

    /// <summary>The class by annotation is the old way; a new ingress that names two classes is refused.</summary>
    public static void NewIngress(JsonObject ingress, FieldErrors errors)
    {
        const string Annotation = "kubernetes.io/ingress.class";
        if (ingress.Text("metadata", "annotations", Annotation) is { } old && ingress.Text("spec", "ingressClassName") is { } name && old != name)
        {
            errors.Invalid($"annotations.{Annotation}", old, "must match `ingressClassName` when both are specified");
        }
    }

    public static void IngressClass(JsonObject ingressClass, FieldErrors errors)
    {
        string controller = ingressClass.TextOrEmpty("spec", "controller");
        if (controller.Length > 250)
        {
            errors.TooLong("spec.controller", 250);
        }

        int slash = controller.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            errors.Invalid("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }

        if (ingressClass.Object("spec", "parameters") is { } parameters)
        {
            Parameters(parameters, "spec.parameters", errors);
        }
    }

    public static void IngressClassChange(JsonObject ingressClass, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(ingressClass.At("spec", "controller"), old.At("spec", "controller"), "spec.controller");

    private static Func<string, string?> HostFormat(string host) =>
        host.Contains('*', StringComparison.Ordinal) ? Formats.WildcardDnsSubdomain : Formats.DnsSubdomain;

    private static void Parameters(JsonObject parameters, FieldPath path, FieldErrors errors)
    {
        errors.OptionalText(parameters, "apiGroup", path, Formats.DnsSubdomain);
        errors.RequiredText(parameters, "kind", path, Formats.PathSegment);
        errors.RequiredText(parameters, "name", path, Formats.PathSegment);
        string scope = parameters.TextOrEmpty("scope");
        if (scope.Length == 0)
        {
            errors.Required($"{path}.scope");
        }
        else if (scope is not ("Cluster" or "Namespace"))
        {
            errors.NotSupported($"{path}.scope", scope, ["Cluster", "Namespace"]);
        }

        bool hasNamespace = parameters.TextOrEmpty("namespace").Length > 0;
        if (scope == "Namespace" && !hasNamespace)
        {
            errors.Required($"{path}.namespace", "`parameters.scope` is set to 'Namespace'");
        }
        else if (scope == "Cluster" && parameters.Has("namespace"))
        {
            errors.Forbidden($"{path}.namespace", "`parameters.scope` is set to 'Cluster'");
        }
    }

    private static void Host(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        string host = rule.TextOrEmpty("host");
        if (host.Length == 0)
        {
            return;
        }

        if (IPAddress.TryParse(host, out _))
        {
            errors.Invalid($"{path}.host", host, "must be a DNS name, not an IP address");
        }

        errors.Format(
            host, $"{path}.host", HostFormat(host));
    }

    private static void Path(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        string value = rule.TextOrEmpty("path");
        switch (rule.Text("pathType"))
        {
            case null:
                errors.Required($"{path}.pathType", "pathType must be specified");
                break;
            case "Exact" or "Prefix":
                Literal(value, $"{path}.path", errors);
                break;
            case "ImplementationSpecific":
                if (value.Length > 0 && !value.StartsWith('/'))
                {
                    errors.Invalid($"{path}.path", value, "must be an absolute path");
                }

                break;
            case { } other:
                errors.NotSupported($"{path}.pathType", other, ["Exact", "ImplementationSpecific", "Prefix"]);
                break;
        }

        Backend(rule.Object("backend") ?? [], $"{path}.backend", errors);
    }

    private static void Literal(string value, FieldPath field, FieldErrors errors)
    {
        if (!value.StartsWith('/'))
        {
            errors.Invalid(field, value, "must be an absolute path");
        }

        foreach (string part in BadPathParts)
        {
            if (value.Contains(part, StringComparison.Ordinal))
            {
                errors.Invalid(field, value, $"must not contain '{part}'");
            }
        }

        foreach (string end in BadPathEnds)
        {
            if (value.EndsWith(end, StringComparison.Ordinal))
            {
                errors.Invalid(field, value, $"cannot end with '{end}'");
            }
        }
    }

    private static void Backend(JsonObject backend, FieldPath path, FieldErrors errors)
    {
        JsonObject? service = backend.Object("service");
        if (backend.Has("resource"))
        {
            if (service is not null)
            {
                errors.Invalid(path, "", "cannot set both resource and service backends");
            }

            return;
        }

        if (service is null)
        {
            errors.Required(path, "must specify a resource or a service backend");
            return;
        }

        errors.RequiredText(service, "name", $"{path}.service", Formats.DnsLabel);
        string name = service.TextOrEmpty("port", "name");
        long number = service.Integer("port", "number") ?? 0;
        if (name.Length == 0 && number == 0)
        {
            errors.Required(path, "port name or number is required");
        }
        else if (name.Length > 0 && number != 0)
        {
            errors.Invalid(path, "", "cannot set both port name & port number");
        }
        else if (name.Length > 0)
        {
            errors.Format(name, $"{path}.service.port.name", Formats.PortName);
        }
        else if (Formats.PortNumber(number) is { } wrong)
        {
            errors.Invalid($"{path}.service.port.number", number, wrong);
        }
    }
}
