using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>serviceaccounts/token: a short-lived token, possibly bound to a pod (authentication.v1.TokenRequest).</summary>
internal sealed class TokenSubresource(ServiceAccountTokens tokens) : ICreateSubresource
{
    private const long DefaultSeconds = 3600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;

    public bool Handles(KindDefinition kind, string subresource) =>
        kind is { Group: "", Kind: "ServiceAccount" } && subresource == "token";

    public ValueTask<JsonObject> CreateAsync(
        ObjectRegistry registry,
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        ObjectDocument account = registry.Access.Get(kind, key);
        JsonObject spec = body.Ensure("spec");
        long seconds = spec.Integer("expirationSeconds") ?? DefaultSeconds;
        string[] audiences = [.. spec.Texts("audiences")];
        audiences = audiences.Length > 0 ? audiences : [tokens.Issuer];
        Validate(kind, key, seconds, spec);
        (TokenBinding? binding, string? node) = Bind(registry, key, spec.Object("boundObjectRef"));
        (string token, DateTimeOffset expires) =
            tokens.Issue(account, audiences, TimeSpan.FromSeconds(seconds), binding, node);
        spec["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]);
        spec["expirationSeconds"] = seconds;
        if (!spec.Has("boundObjectRef"))
        {
            spec["boundObjectRef"] = null;
        }

        var answer = new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = key.Namespace,
                ["creationTimestamp"] = Timestamps.Text(expires.AddSeconds(-seconds)),
            },
            ["spec"] = spec.DeepClone(),
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = Timestamps.Text(expires) },
        };
        return ValueTask.FromResult(answer);
    }

    private static void Validate(KindDefinition kind, ObjectKey key, long seconds, JsonObject spec)
    {
        var errors = new FieldErrors();
        if (seconds < LeastSeconds)
        {
            errors.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }
        else if (seconds > MostSeconds)
        {
            errors.Invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }

        if (spec.Object("boundObjectRef") is { } bound && bound.TextOrEmpty("name").Length == 0)
        {
            errors.Required("spec.boundObjectRef.name");
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.Invalid(
                kind with { Group = "authentication.k8s.io", Kind = "TokenRequest" }, key.Name, errors.Causes);
        }
    }

    private static (TokenBinding? Binding, string? Node) Bind(ObjectRegistry registry, ObjectKey account, JsonObject? bound)
    {
        if (bound is null)
        {
            return (null, null);
        }

        string kind = bound.TextOrEmpty("kind");
        string name = bound.TextOrEmpty("name");
        if (kind is not ("Pod" or "Secret" or "Node") || registry.Access.Catalogue.FindKind("v1", kind) is not { } definition)
        {
            throw ApiErrors.BadRequest(
                $"cannot bind token for serviceaccount \"{account.Name}\" to object of type v1, Kind={kind}");
        }

        ObjectDocument found = registry.Access.Get(definition, new ObjectKey(definition.IsNamespaced ? account.Namespace : "", name));
        if (bound.TextOrEmpty("uid") is { Length: > 0 } uid && uid != found.Metadata.Uid)
        {
            throw ApiErrors.Conflict(
                definition,
                name,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }

        JsonObject json = found.ToJson();
        if (kind == "Pod" && json.TextOrEmpty("spec", "serviceAccountName") != account.Name)
        {
            throw ApiErrors.BadRequest(
                $"cannot bind token for serviceaccount \"{account.Name}\" to pod running with different serviceaccount name.");
        }

        return (new TokenBinding(kind, name, found.Metadata.Uid), kind == "Pod" ? json.Text("spec", "nodeName") : null);
    }
}
