using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.Namespace.</summary>
internal sealed record Namespace
{
    public NamespaceSpec Spec { get => field ?? new NamespaceSpec(); init; }
}

internal sealed record NamespaceSpec
{
    public IReadOnlyList<string> Finalizers { get => field ?? []; init; }
}

internal static class NamespaceDocuments
{
    public static Namespace AsNamespace(this ObjectDocument document) => document.As(ViewContext.Default.Namespace);
}
