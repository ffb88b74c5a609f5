using System.Text.Json.Nodes;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Device classes and claims (pkg/apis/resource/validation).</summary>
internal static class DeviceRules
{
    private const int MostRequests = 32;

    private static readonly CelEnvironment Device =
        new(new Dictionary<string, CelType>(StringComparer.Ordinal) { ["device"] = CelType.Dyn });

    public static void DeviceClass(JsonObject deviceClass, FieldErrors errors) => Selectors(deviceClass.Object("spec"), "spec", errors);

    public static void Claim(JsonObject claim, FieldErrors errors) => ClaimSpec(claim.Object("spec"), "spec", errors);

    public static void ClaimTemplate(JsonObject template, FieldErrors errors) =>
        ClaimSpec(template.Object("spec", "spec"), "spec.spec", errors);

    /// <summary>What a claim asks for, and what a template makes, is fixed from the start.</summary>
    public static void SpecChange(JsonObject obj, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(obj["spec"], old["spec"], "spec");

    /// <summary>Only what is allocated can be reserved, and an allocation is not changed into another.</summary>
    public static void ClaimStatus(string subresource, JsonObject claim, JsonObject old, FieldErrors errors)
    {
        if (subresource != "status")
        {
            return;
        }

        if (!claim.Has("status", "allocation"))
        {
            if (claim.Array("status", "reservedFor") is { Count: > 0 })
            {
                errors.Forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
            }
        }
        else if (old.Has("status", "allocation"))
        {
            errors.Unchanged(claim.At("status", "allocation"), old.At("status", "allocation"), "status.allocation");
        }
    }

    private static void ClaimSpec(JsonObject? spec, FieldPath path, FieldErrors errors)
    {
        FieldPath field = $"{path}.devices";
        JsonObject? devices = spec.Object("devices");
        if (devices.Array("requests") is { Count: > MostRequests } requests)
        {
            errors.TooMany($"{field}.requests", requests.Count, MostRequests);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject request, FieldPath requestField) in Checks.Items(devices, "requests", field))
        {
            if (errors.RequiredText(request, "name", requestField, Formats.DnsLabel) && !names.Add(request.TextOrEmpty("name")))
            {
                errors.Duplicate($"{requestField}.name", request.TextOrEmpty("name"));
            }

            Request(request, requestField, errors);
        }
    }

    private static void Request(JsonObject request, FieldPath path, FieldErrors errors)
    {
        bool isExact = request.Has("exactly");
        bool hasChoice = request.Array("firstAvailable") is { Count: > 0 };
        if (isExact == hasChoice)
        {
            errors.Add(
                isExact ? "FieldValueInvalid" : "FieldValueRequired",
                isExact ? "Invalid value: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"
                    : "Required value: exactly one of `exactly` or `firstAvailable` is required",
                path);
        }

        if (request.Object("exactly") is { } exact)
        {
            Wanted(exact, $"{path}.exactly", errors);
        }

        foreach ((JsonObject choice, FieldPath field) in Checks.Items(request, "firstAvailable", path))
        {
            errors.RequiredText(choice, "name", field, Formats.DnsLabel);
            Wanted(choice, field, errors);
        }
    }

    private static void Wanted(JsonObject wanted, FieldPath path, FieldErrors errors)
    {
        errors.RequiredText(wanted, "deviceClassName", path, Formats.DnsSubdomain);
        errors.OneOf(wanted, "allocationMode", path, isRequired: false, "All", "ExactCount");
        if (wanted.Text("allocationMode") == "ExactCount" && wanted.Integer("count") is <= 0 and long count)
        {
            errors.Invalid($"{path}.count", count, "must be greater than zero");
        }

        Selectors(wanted, path, errors);
    }

    private static void Selectors(JsonObject? holder, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject selector, FieldPath field) in Checks.Items(holder, "selectors", path))
        {
            if (selector.Object("cel") is not { } cel)
            {
                errors.Required($"{field}.cel");
                continue;
            }

            string text = cel.TextOrEmpty("expression");
            try
            {
                CelType type = Device.Compile(text).ResultType;
                if (type.Kind is not (CelKind.Bool or CelKind.Dyn))
                {
                    errors.Invalid($"{field}.cel.expression", text, "must evaluate to bool");
                }
            }
            catch (CelCompileException error)
            {
                errors.Invalid($"{field}.cel.expression", text, $"compilation failed: {error.Message}");
            }
        }
    }
}
