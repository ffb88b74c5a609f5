using MiniPlane.Objects.Selectors;

namespace MiniPlane.Objects.Cluster;

/// <summary>Which objects of a collection. Null means no restriction.</summary>
public sealed record ListQuery
{
    public static readonly ListQuery All = new();

    public string? Namespace { get; init; }

    public LabelSelector? Labels { get; init; }

    /// <summary>Field selector in the API's syntax, e.g. <c>spec.nodeName=gpu,status.phase!=Failed</c>.</summary>
    public string? Fields { get; init; }

    public static ListQuery InNamespace(string name) => new() { Namespace = name };
}
