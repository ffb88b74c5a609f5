using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// The published names of types: where upstream's Go packages put them, as <c>io.k8s.api.core.v1.Pod</c>. Clients look types up by
/// these names.
/// </summary>
internal static class ComponentNames
{
    public static string Of(TypeDefinition type)
    {
        string name = type.Name;
        string package = name[..name.IndexOf('.', StringComparison.Ordinal)];
        return package switch
        {
            "meta" => "io.k8s.apimachinery.pkg.apis." + name,
            "api" or "runtime" or "util" or "version" => "io.k8s.apimachinery.pkg." + name,
            "apiextensions" => "io.k8s.apiextensions-apiserver.pkg.apis." + name,
            "apiregistration" => "io.k8s.kube-aggregator.pkg.apis." + name,
            _ when IsBuiltIn(type) => "io.k8s.api." + name,
            _ => name,
        };
    }

    /// <summary>The published name of a custom kind: its group's labels turned around, version and kind.</summary>
    public static string OfCustom(KindDefinition kind, string suffix = "") =>
        $"{string.Join('.', kind.Group.Split('.').Reverse())}.{kind.Version}.{kind.Kind}{suffix}";

    /// <summary>Built-in types have a name of their own in the document; types of custom kinds are written in place.</summary>
    public static bool IsBuiltIn(TypeDefinition type) =>
        ReferenceEquals(BuiltInCatalogue.Instance.FindType(type.Name), type);
}
