using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>The kinds of one group and version, sorted by their REST names.</summary>
internal sealed record VersionView(string Group, string Version, IReadOnlyList<KindDefinition> Kinds)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path below the server's root: <c>api/v1</c> or <c>apis/apps/v1</c>.</summary>
    public string Path => Group.Length == 0 ? $"api/{Version}" : $"apis/{GroupVersion}";
}
