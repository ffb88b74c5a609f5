using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Expressions;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>A validating or mutating admission policy with its expressions compiled. What does not compile fails when it is needed.</summary>
internal sealed record Policy
{
    public required string Name { get; init; }

    public required MatchResources? Match { get; init; }

    public required ParamKind? Params { get; init; }

    /// <summary>An expression that cannot be evaluated is passed over; else it refuses the request.</summary>
    public required bool IgnoresFailure { get; init; }

    public required ConditionSet Conditions { get; init; }

    public required IReadOnlyDictionary<string, CelProgram> Variables { get; init; }

    public required IReadOnlyList<PolicyValidation> Validations { get; init; }

    public required IReadOnlyList<(string Key, PolicyExpression Value)> Annotations { get; init; }

    public required IReadOnlyList<PolicyMutation> Mutations { get; init; }

    public static Policy Read(ObjectDocument document) => Read(document.ToJson(), CelType.Dyn);

    /// <param name="json">The policy.</param>
    /// <param name="obj">The type of the object, where one wants the expressions checked against it.</param>
    public static Policy Read(JsonObject json, CelType obj)
    {
        JsonObject spec = json.Object("spec") ?? [];
        var kind = ParamKind.Read(spec.Object("paramKind"));
        (Dictionary<string, CelProgram> programs, Dictionary<string, CelType> types) = Compile(spec, obj, kind is not null);
        CelEnvironment environment = AdmissionTypes.Environment(obj, kind is not null, types);
        return new Policy
        {
            Name = json.TextOrEmpty("metadata", "name"),
            Match = MatchResources.Read(spec.Object("matchConstraints")),
            Params = kind,
            IgnoresFailure = spec.Text("failurePolicy") == "Ignore",
            Conditions = ConditionSet.Compile(AdmissionTypes.Environment(obj, kind is not null, null), ConditionSet.Read(spec)),
            Variables = programs,
            Validations = [.. spec.Objects("validations").Select(one => PolicyValidation.Read(one, environment))],
            Annotations =
            [
                .. spec.Objects("auditAnnotations").Select(one =>
                    (one.TextOrEmpty("key"), PolicyExpression.Compile(environment, one.TextOrEmpty("valueExpression")))),
            ],
            Mutations = [.. spec.Objects("mutations").Select(one => PolicyMutation.Read(one, environment))],
        };
    }

    // Each variable sees those before it. One that does not compile is not there, so what needs it does not compile either.
    private static (Dictionary<string, CelProgram> Programs, Dictionary<string, CelType> Types) Compile(JsonObject spec, CelType obj, bool hasParams)
    {
        Dictionary<string, CelProgram> programs = new(StringComparer.Ordinal);
        Dictionary<string, CelType> types = new(StringComparer.Ordinal);
        foreach (JsonObject variable in spec.Objects("variables"))
        {
            CelEnvironment environment = AdmissionTypes.Environment(obj, hasParams, new Dictionary<string, CelType>(types, StringComparer.Ordinal));
            if (PolicyExpression.Compile(environment, variable.TextOrEmpty("expression")) is { Program: { } program })
            {
                programs[variable.TextOrEmpty("name")] = program;
                types[variable.TextOrEmpty("name")] = program.ResultType;
            }
        }

        return (programs, types);
    }
}
