using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Finds the handler of a request, or says that the method is not allowed there.</summary>
internal sealed class HandlerTable(IEnumerable<IVerbHandler> handlers, IEnumerable<ISubresourceHandler> subresources, IEnumerable<IKindHandler> kinds)
{
    private readonly FrozenDictionary<string, IVerbHandler> _byVerb =
        handlers.ToFrozenDictionary(handler => handler.Verb, StringComparer.Ordinal);

    private readonly ISubresourceHandler[] _subresources = [.. subresources];

    private readonly IKindHandler[] _kinds = [.. kinds];

    public IRequestHandler Find(ApiRequest request)
    {
        string verb = request.Info.Verb;
        if (HttpMethods.IsHead(request.Http.Request.Method) && request.Info.Subresource != "proxy")
        {
            // Upstream's resources have routes for GET alone.
            throw ApiErrors.MethodNotAllowed();
        }

        if (request.Subresource is { } subresource)
        {
            if (Array.Find(_subresources, handler => handler.Handles(request.Kind, subresource.Name)) is { } special)
            {
                return special;
            }

            return Has(subresource.Verbs, verb) && _byVerb.TryGetValue(verb, out IVerbHandler? found)
                ? found
                : throw ApiErrors.MethodNotAllowed();
        }

        if (verb == "create" && request.Kind.Custom is CustomResource { IsTerminating: true })
        {
            throw new ApiException(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating");
        }

        bool isPlaced = !request.Kind.IsNamespaced || request.Info.Namespace.Length > 0 || verb is "list" or "watch";
        return isPlaced
            && Has(request.Kind.Verbs, verb)
            && (verb == "watch" || NamesObject(verb) == request.Info.Name.Length > 0)
            && _byVerb.TryGetValue(verb, out IVerbHandler? handler)
                ? (IRequestHandler?)Special(request.Kind) ?? handler
                : throw ApiErrors.MethodNotAllowed();
    }

    /// <summary>Whether the verb is among them; asked with every request, so without an enumerator.</summary>
    public static bool Has(IReadOnlyList<string> verbs, string verb)
    {
        for (int i = 0; i < verbs.Count; i++)
        {
            if (verbs[i] == verb)
            {
                return true;
            }
        }

        return false;
    }

    private IKindHandler? Special(KindDefinition kind)
    {
        foreach (IKindHandler special in _kinds)
        {
            if (special.Handles(kind))
            {
                return special;
            }
        }

        return null;
    }

    private static bool NamesObject(string verb) => verb is "get" or "update" or "patch" or "delete";
}
