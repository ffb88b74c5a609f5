using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Names of kernel parameters of a pod (pkg/apis/core/validation, validateSysctls).</summary>
internal static partial class SysctlRules
{
    private const int Longest = 253;
    private const string Shape = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

    public static void Validate(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject sysctl in spec.Objects("securityContext", "sysctls"))
        {
            FieldPath field = $"{path}[{index++}].name";
            string name = sysctl.TextOrEmpty("name");
            if (name.Length == 0)
            {
                errors.Required(field);
            }
            else if (name.Length > Longest || !Name().IsMatch(name))
            {
                errors.Invalid(field, name, $"must have at most {Longest} characters and match regex {Shape}");
            }
            else if (!seen.Add(name.Replace('/', '.')))
            {
                errors.Duplicate(field, name);
            }
        }
    }

    [GeneratedRegex(Shape, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
