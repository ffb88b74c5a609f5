using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>flowcontrol.v1.ResourcePolicyRule.</summary>
internal sealed record ResourceClause(
    string[] Verbs,
    string[] Groups,
    string[] Resources,
    string[] Namespaces,
    bool IsClusterScope)
{
    public static ResourceClause From(JsonObject rule) => new(
        [.. rule.Texts("verbs")],
        [.. rule.Texts("apiGroups")],
        [.. rule.Texts("resources")],
        [.. rule.Texts("namespaces")],
        rule.Flag("clusterScope") ?? false);

    public bool Matches(RequestInfo request) =>
        Has(Verbs, request.Verb)
        && Has(Groups, request.Group)
        && (request.Namespace.Length == 0 ? IsClusterScope : Has(Namespaces, request.Namespace))
        && Has(Resources, request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}");

    public static bool Has(string[] list, string value)
    {
        foreach (string one in list)
        {
            if (one == "*" || one == value)
            {
                return true;
            }
        }

        return false;
    }
}
