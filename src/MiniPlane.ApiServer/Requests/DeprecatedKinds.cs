using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// What clients are told who use a built-in kind that is on its way out (k8s.io/api, <c>zz_generated.prerelease-lifecycle.go</c>; the words
/// are those of k8s.io/apiserver/pkg/endpoints/deprecation).
/// </summary>
internal static class DeprecatedKinds
{
    /// <summary>The warning of every answer about the kind, or null.</summary>
    public static string? Warning(KindDefinition kind) => kind switch
    {
        { Custom: not null } => null,
        { Group: "", Kind: "Endpoints" } => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        _ => null,
    };
}
