using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>The resource that a rule is held against.</summary>
internal readonly record struct MatchedResource(string Group, string Version, string Plural, string Subresource, bool IsNamespaced)
{
    // The scope of a namespace is the cluster although its requests name a namespace.
    public static MatchedResource Of(KindDefinition kind, string? subresource) =>
        new(kind.Group, kind.Version, kind.Plural, subresource ?? "", kind.IsNamespaced);
}
