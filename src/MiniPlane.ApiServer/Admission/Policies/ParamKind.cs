using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>admissionregistration.v1.ParamKind.</summary>
internal sealed record ParamKind(string ApiVersion, string Kind)
{
    public static ParamKind? Read(JsonObject? json) => json is null ? null : new ParamKind(json.TextOrEmpty("apiVersion"), json.TextOrEmpty("kind"));

    public override string ToString() => $"{ApiVersion}, Kind={Kind}";
}
