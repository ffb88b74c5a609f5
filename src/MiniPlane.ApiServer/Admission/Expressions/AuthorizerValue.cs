using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Cel;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>The variable <c>authorizer</c>: who may do what, asked of the same authorizer as requests.</summary>
internal sealed class AuthorizerValue : CelAuthorizer
{
    private readonly IAuthorizer _authorizer;
    private readonly AdmissionRequest _request;
    private readonly AccessAttributes _attributes;
    private readonly AccessDecision? _decision;

    public AuthorizerValue(IAuthorizer authorizer, AdmissionRequest request)
        : this(authorizer, request, new AccessAttributes { User = request.User, Verb = "" }, null)
    {
    }

    private AuthorizerValue(IAuthorizer authorizer, AdmissionRequest request, AccessAttributes attributes, AccessDecision? decision)
    {
        _authorizer = authorizer;
        _request = request;
        _attributes = attributes;
        _decision = decision;
    }

    public override object? Call(string method, IReadOnlyList<object?> arguments)
    {
        string text = arguments.Count > 0 ? arguments[0] as string ?? "" : "";
        return method switch
        {
            "path" => With(_attributes with { Path = text }),
            "group" => With(_attributes with { IsResource = true, Group = text }),
            "resource" => With(_attributes with { IsResource = true, Resource = text }),
            "subresource" => With(_attributes with { Subresource = text }),
            "namespace" => With(_attributes with { Namespace = text }),
            "name" => With(_attributes with { Name = text }),
            "fieldSelector" or "labelSelector" => this,
            "serviceAccount" => With(_attributes with { User = Account(text, arguments.Count > 1 ? arguments[1] as string ?? "" : "") }),
            "requestResource" => With(OfRequest()),
            "check" => new AuthorizerValue(_authorizer, _request, _attributes, Decide(text)),
            "allowed" => _decision?.IsAllowed == true,
            "reason" => _decision?.Reason ?? "",
            "errored" => false,
            "error" => "",
            _ => throw new CelException($"no such overload: {method}"),
        };
    }

    private AuthorizerValue With(AccessAttributes attributes) => new(_authorizer, _request, attributes, null);

    private AccessAttributes OfRequest() => _attributes with
    {
        IsResource = true,
        Group = _request.Kind.Group,
        Version = _request.Kind.Version,
        Resource = _request.Kind.Plural,
        Subresource = _request.Subresource ?? "",
        Namespace = _request.Key.Namespace,
        Name = _request.Key.Name,
    };

    private static UserInfo Account(string ns, string name) => new()
    {
        Name = $"system:serviceaccount:{ns}:{name}",
        Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}", UserInfo.AuthenticatedGroup],
    };

    // Authorizers answer from memory; one that would have to wait cannot be asked from within an expression.
    private AccessDecision Decide(string verb)
    {
        ValueTask<AccessDecision> answer = _authorizer.DecideAsync(_attributes with { Verb = verb }, CancellationToken.None);
        if (!answer.IsCompletedSuccessfully)
        {
            throw new CelException("the authorizer cannot answer at once");
        }

#pragma warning disable VSTHRD002 // The answer is there; nothing waits.
        return answer.Result;
#pragma warning restore VSTHRD002
    }
}
