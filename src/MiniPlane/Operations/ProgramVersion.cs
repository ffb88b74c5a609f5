using System.Reflection;

namespace MiniPlane.Operations;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    public const string KubernetesApi = "1.36";

    public static string Text { get; } = typeof(ProgramVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
