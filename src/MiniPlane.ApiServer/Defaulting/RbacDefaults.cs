using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of roles and role bindings (pkg/apis/rbac/v1/defaults.go).</summary>
internal static class RbacDefaults
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Binding(JsonObject binding)
    {
        binding.Ensure("roleRef").DefaultText("apiGroup", Group);
        foreach (JsonObject subject in binding.Objects("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group")
            {
                subject.DefaultText("apiGroup", Group);
            }
        }
    }

    /// <summary>A role without rules says so: <c>rules: null</c>.</summary>
    public static void Role(JsonObject role) => role.TryAdd("rules", null);
}
