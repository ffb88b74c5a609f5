using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>APIService (kube-aggregator/pkg/apis/apiregistration/validation).</summary>
internal static class ApiServiceRules
{
    private const long LargestGroupPriority = 20_000;
    private const long LargestVersionPriority = 1_000;

    public static void ApiService(JsonObject api, FieldErrors errors)
    {
        JsonObject spec = api.Object("spec") ?? [];
        string group = spec.TextOrEmpty("group");
        string version = spec.TextOrEmpty("version");
        string name = api.TextOrEmpty("metadata", "name");
        if (name != $"{version}.{group}")
        {
            errors.Invalid("metadata.name", name, $"must be `spec.version+\".\"+spec.group`: \"{version}.{group}\"");
        }

        if (group.Length == 0 && version != "v1")
        {
            errors.Required("spec.group", "only v1 may have an empty group and it better be legacy kube");
        }

        errors.OptionalText(spec, "group", "spec", Formats.DnsSubdomain);
        errors.Format(version, "spec.version", Formats.Dns1035Label);
        Priority(spec, "groupPriorityMinimum", LargestGroupPriority, errors);
        Priority(spec, "versionPriority", LargestVersionPriority, errors);
        Service(spec, errors);
    }

    private static void Priority(JsonObject spec, string name, long limit, FieldErrors errors)
    {
        long value = spec.Integer(name) ?? 0;
        if (value <= 0 || value > limit)
        {
            errors.Invalid($"spec.{name}", value, $"must be positive and less than {limit}");
        }
    }

    private static void Service(JsonObject spec, FieldErrors errors)
    {
        bool isBlind = spec.Flag("insecureSkipTLSVerify") == true;
        bool hasAuthority = spec.TextOrEmpty("caBundle").Length > 0;
        if (spec.Object("service") is not { } service)
        {
            if (hasAuthority)
            {
                errors.Invalid("spec.caBundle", spec.TextOrEmpty("caBundle"), "local APIServices may not have a caBundle");
            }

            if (isBlind)
            {
                errors.Invalid("spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
            }

            return;
        }

        errors.RequiredText(service, "namespace", "spec.service");
        errors.RequiredText(service, "name", "spec.service");
        if (service.Integer("port") is { } port && Formats.PortNumber(port) is { } wrong)
        {
            errors.Invalid("spec.service.port", port, $"port is not valid: {wrong}");
        }

        if (isBlind && hasAuthority)
        {
            errors.Invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
        }
    }
}
