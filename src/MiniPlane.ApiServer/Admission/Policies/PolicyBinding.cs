using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>A binding of a validating or mutating policy, as read.</summary>
internal sealed record PolicyBinding
{
    public required string Name { get; init; }

    public required string PolicyName { get; init; }

    public required MatchResources? Match { get; init; }

    public required JsonObject? ParamRef { get; init; }

    /// <summary><c>Deny</c>, <c>Warn</c>, <c>Audit</c>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    public static PolicyBinding Read(ObjectDocument document)
    {
        JsonObject json = document.ToJson();
        return new PolicyBinding
        {
            Name = document.Metadata.Name,
            PolicyName = json.TextOrEmpty("spec", "policyName"),
            Match = MatchResources.Read(json.Object("spec", "matchResources")),
            ParamRef = json.Object("spec", "paramRef"),
            Actions = [.. json.Texts("spec", "validationActions")],
        };
    }
}
