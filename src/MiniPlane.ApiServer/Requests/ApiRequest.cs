using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Requests;

/// <summary>One request for a resource on its way through the pipeline: who asks for what, and how the answer is wanted.</summary>
internal sealed record ApiRequest
{
    public required HttpContext Http { get; init; }

    public required RequestInfo Info { get; init; }

    public required KindDefinition Kind { get; init; }

    /// <summary>The subresource that is meant, or null.</summary>
    public SubresourceDefinition? Subresource { get; init; }

    public required UserInfo User { get; init; }

    public required AnswerFormat Format { get; init; }

    /// <summary>When the request came; ages in tables are counted from here.</summary>
    public required DateTimeOffset Now { get; init; }

    public ObjectKey Key => Info.Key;

    /// <summary>Ends with the client's connection, the request's time limit or the server.</summary>
    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>Texts for <c>Warning</c> headers; sent with the answer.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>A query parameter, or the empty string.</summary>
    public string Query(string name) => Http.Request.Query[name].ToString();
}
