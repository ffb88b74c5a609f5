namespace MiniPlane.ApiServer.OpenApi;

/// <summary>One HTTP method on one path.</summary>
internal sealed record Operation
{
    /// <summary><c>get</c>, <c>post</c>, …</summary>
    public required string Method { get; init; }

    /// <summary><c>x-kubernetes-action</c>: list, post, deletecollection, …</summary>
    public required string Action { get; init; }

    public required string Id { get; init; }

    public required string Description { get; init; }

    public required GroupVersionKind Kind { get; init; }

    /// <summary>Published name of the body's type, or null.</summary>
    public string? Body { get; init; }

    /// <summary>Published name of the answer's type, or null for text.</summary>
    public string? Answer { get; init; }

    public IReadOnlyList<string> Consumes { get; init; } = ["*/*"];

    public IReadOnlyList<OperationParameter> Parameters { get; init; } = [];
}
