using MiniPlane.Cel;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>The variables of admission expressions and their types (k8s.io/apiserver/pkg/admission/plugin/cel, mustBuildEnvs).</summary>
internal static class AdmissionTypes
{
    private static readonly CelType Kind = Texts("GroupVersionKind", "group", "version", "kind");
    private static readonly CelType Resource = Texts("GroupVersionResource", "group", "version", "resource");

    private static readonly CelType User = Fields(
        "UserInfo",
        ("username", CelType.String),
        ("uid", CelType.String),
        ("groups", CelType.List(CelType.String)),
        ("extra", CelType.Map(CelType.String, CelType.List(CelType.String))));

    private static readonly CelType Request = Fields(
        "AdmissionRequest",
        ("kind", Kind),
        ("resource", Resource),
        ("subResource", CelType.String),
        ("requestKind", Kind),
        ("requestResource", Resource),
        ("requestSubResource", CelType.String),
        ("name", CelType.String),
        ("namespace", CelType.String),
        ("operation", CelType.String),
        ("userInfo", User),
        ("dryRun", CelType.Bool),
        ("options", CelType.Dyn));

    /// <summary>The environment of a policy's or webhook's expressions.</summary>
    /// <param name="obj">What is known of the object; dyn as a rule.</param>
    /// <param name="hasParams">The policy has parameters.</param>
    /// <param name="variables">The policy's own variables so far, or null where there are none.</param>
    public static CelEnvironment Environment(CelType obj, bool hasParams, IReadOnlyDictionary<string, CelType>? variables)
    {
        var known = new Dictionary<string, CelType>(StringComparer.Ordinal)
        {
            ["object"] = obj,
            ["oldObject"] = obj,
            ["request"] = Request,
            ["namespaceObject"] = CelType.Dyn,
            ["authorizer"] = CelType.Of(CelKind.Authorizer),
        };
        if (hasParams)
        {
            known["params"] = CelType.Dyn;
        }

        if (variables is not null)
        {
            known["variables"] = CelType.Object("variables", variables);
        }

        return new CelEnvironment(known);
    }

    public static CelType RequestType => Request;

    private static CelType Texts(string name, params string[] fields) => Fields(name, [.. fields.Select(field => (field, CelType.String))]);

    private static CelType Fields(string name, params (string Name, CelType Type)[] fields) =>
        CelType.Object(name, fields.ToDictionary(field => field.Name, field => field.Type, StringComparer.Ordinal));
}
