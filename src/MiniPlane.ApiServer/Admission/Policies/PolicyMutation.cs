using System.Text.Json.Nodes;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>One mutation of a policy: a partial object that is applied, or a list of JSON patch operations.</summary>
internal sealed record PolicyMutation(bool IsApply, PolicyExpression Expression)
{
    public static PolicyMutation Read(JsonObject json, CelEnvironment environment)
    {
        bool isApply = json.Text("patchType") != "JSONPatch";
        string text = json.TextOrEmpty(isApply ? "applyConfiguration" : "jsonPatch", "expression");
        return new PolicyMutation(isApply, PolicyExpression.Compile(environment, text));
    }
}
