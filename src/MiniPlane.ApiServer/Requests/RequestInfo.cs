using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Requests;

/// <summary>What a path and method ask for (k8s.io/apiserver/pkg/endpoints/request.RequestInfo).</summary>
internal sealed record RequestInfo
{
    /// <summary>The path names a resource; else only <see cref="Path"/> and <see cref="Verb"/> are set.</summary>
    public bool IsResource { get; init; }

    public required string Path { get; init; }

    /// <summary><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, …; for other paths the method in lower case.</summary>
    public required string Verb { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>What follows the subresource (proxy paths), without a leading slash.</summary>
    public string Rest { get; init; } = "";

    /// <summary>The resource itself is meant by a namespace path (<c>/api/v1/namespaces/x</c>): namespace and name are the same.</summary>
    public ObjectKey Key => Resource == "namespaces" && Group.Length == 0 ? ObjectKey.Cluster(Name) : new(Namespace, Name);
}
