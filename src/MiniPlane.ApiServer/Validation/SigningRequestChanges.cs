using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// What may change of a CertificateSigningRequest: whoever approves adds a condition, whoever signs sets the certificate, nothing is ever
/// taken back (pkg/apis/certificates/validation).
/// </summary>
internal static class SigningRequestChanges
{
    private const string Field = "status.conditions";
    private static readonly string[] Verdicts = ["Approved", "Denied"];
    private static readonly string[] Final = ["Approved", "Denied", "Failed"];

    public static void Subresource(string subresource, JsonObject request, JsonObject old, FieldErrors errors)
    {
        Conditions(request, errors);
        foreach (string type in Final)
        {
            if (Of(request, type).Length < Of(old, type).Length)
            {
                errors.Forbidden(Field, $"updates may not remove a condition of type \"{type}\"");
            }
        }

        if (subresource != "approval")
        {
            foreach (string type in Verdicts)
            {
                Kept(type, request, old, errors);
            }
        }

        string before = old.TextOrEmpty("status", "certificate");
        if (subresource == "status" && request.TextOrEmpty("status", "certificate") is var now && now != before)
        {
            if (before.Length > 0)
            {
                errors.Forbidden("status.certificate", "updates may not modify existing certificate content");
            }

            Certificate(now, errors);
        }
    }

    private static void Kept(string type, JsonObject request, JsonObject old, FieldErrors errors)
    {
        JsonObject[] now = Of(request, type);
        JsonObject[] before = Of(old, type);
        if (now.Length > before.Length)
        {
            errors.Forbidden(Field, $"updates may not add a condition of type \"{type}\"");
        }
        else if (now.Length == before.Length && now.Zip(before).Any(pair => !pair.First.SameAs(pair.Second)))
        {
            errors.Forbidden(Field, $"updates may not modify a condition of type \"{type}\"");
        }
    }

    private static void Conditions(JsonObject request, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject condition, FieldPath path) in Checks.Items(request.Object("status"), "conditions", "status"))
        {
            string type = condition.TextOrEmpty("type");
            if (type.Length == 0)
            {
                errors.Required($"{path}.type");
            }
            else if (!seen.Add(type))
            {
                errors.Duplicate($"{path}.type", type);
            }

            string[] supported = Final.Contains(type, StringComparer.Ordinal) ? ["True"] : ["False", "True", "Unknown"];
            errors.OneOf(condition, "status", path, isRequired: true, supported);
            if ((type == "Approved" && seen.Contains("Denied")) || (type == "Denied" && seen.Contains("Approved")))
            {
                errors.Invalid($"{path}.type", type, "Approved and Denied conditions are mutually exclusive");
            }
        }
    }

    // base64 of PEM blocks, each a certificate.
    private static void Certificate(string base64, FieldErrors errors)
    {
        byte[] bytes = new byte[base64.Length];
        string text = Convert.TryFromBase64String(base64, bytes, out int length) ? System.Text.Encoding.UTF8.GetString(bytes, 0, length) : "";
        if (base64.Length > 0 && !text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            errors.Invalid("status.certificate", "<certificate data>", "must contain one or more PEM blocks");
        }
    }

    private static JsonObject[] Of(JsonObject request, string type) =>
        [.. request.Objects("status", "conditions").Where(condition => condition.Text("type") == type)];
}
