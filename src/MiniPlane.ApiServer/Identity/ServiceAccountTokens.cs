using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Issues and checks service-account tokens: JWTs with upstream's claims, good only as long as their account and the object they are
/// bound to exist (KEP-1205).
/// </summary>
internal sealed class ServiceAccountTokens(
    ServiceAccountKey key, IRevisionStore store, ApiServerOptions options, TimeProvider time)
{
    private const string PrivateClaims = "kubernetes.io";

    // Tokens in Secrets: good for ever, but only while the Secret holds them (pkg/serviceaccount/legacy.go).
    private const string SecretIssuer = "kubernetes/serviceaccount";
    private const string SecretClaims = "kubernetes.io/serviceaccount/";

    // A pod may use its token a little longer than it is meant to live, while it shuts down.
    private static readonly TimeSpan DeletionLeeway = TimeSpan.FromMinutes(1);

    private const int MaxKnown = 1024;

    // Tokens whose signature was found good: checking it again costs more than all the rest of a request. What may change (time,
    // account, bound object) is looked at each time. Emptied when full.
    private readonly ConcurrentDictionary<string, JsonWebToken> _known = new(StringComparer.Ordinal);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    public string Issuer => options.ServiceAccountIssuer;

    public (string Token, DateTimeOffset Expires) Issue(
        ObjectDocument account, IReadOnlyList<string> audiences, TimeSpan lifetime, TokenBinding? binding, string? node)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset expires = now + lifetime;
        var bound = new JsonObject
        {
            ["namespace"] = account.Metadata.Namespace,
            ["serviceaccount"] = Reference(account.Metadata.Name, account.Metadata.Uid),
        };
        if (binding is not null)
        {
            bound[binding.Kind.ToLowerInvariant()] = Reference(binding.Name, binding.Uid);
        }

        if (node is not null && FindCluster("nodes", node) is { } found)
        {
            bound["node"] = Reference(node, found.Metadata.Uid);
        }

        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            [PrivateClaims] = bound,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{account.Metadata.Namespace}:{account.Metadata.Name}",
        };
        return (_handler.CreateToken(claims.ToJsonString(), key.Credentials), expires);
    }

    /// <summary>The token that a Secret of the account holds.</summary>
    public string IssueForSecret(ObjectDocument account, string secret)
    {
        var claims = new JsonObject
        {
            ["iss"] = SecretIssuer,
            [SecretClaims + "namespace"] = account.Metadata.Namespace,
            [SecretClaims + "secret.name"] = secret,
            [SecretClaims + "service-account.name"] = account.Metadata.Name,
            [SecretClaims + "service-account.uid"] = account.Metadata.Uid,
            ["sub"] = $"system:serviceaccount:{account.Metadata.Namespace}:{account.Metadata.Name}",
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(claims.ToJsonString(), key.Credentials);
    }

    /// <summary>Null when the token is not one of ours or not good (any more).</summary>
    public async ValueTask<VerifiedToken?> VerifyAsync(string token)
    {
        if (_known.TryGetValue(token, out JsonWebToken? known))
        {
            return known.Issuer == SecretIssuer || IsInTime(known.ValidFrom, known.ValidTo) ? Verify(known) : null;
        }

        if (!_handler.CanReadToken(token))
        {
            return null;
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key.Key,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuers = [Issuer, SecretIssuer],
            ValidateAudience = false,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, read, _) => read.Issuer == SecretIssuer || IsInTime(notBefore, expires),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
        {
            return null;
        }

        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[token] = jwt;
        return Verify(jwt);
    }

    private bool IsInTime(DateTime? notBefore, DateTime? expires)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end && (notBefore is not { } start || now >= start - TimeSpan.FromSeconds(10));
    }

    private VerifiedToken? Verify(JsonWebToken jwt)
    {
        var claims = JsonNode.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload));
        if (jwt.Issuer == SecretIssuer)
        {
            return VerifySecret(jwt, claims);
        }

        JsonObject? bound = claims.Object(PrivateClaims);
        string ns = bound.TextOrEmpty("namespace");
        string name = bound.TextOrEmpty("serviceaccount", "name");
        string uid = bound.TextOrEmpty("serviceaccount", "uid");
        if (!IsAccount(ns, name, uid))
        {
            return null;
        }

        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["authentication.kubernetes.io/credential-id"] = [$"JTI={jwt.Id}"],
        };
        if (!IsBoundObjectThere(bound, ns, extra))
        {
            return null;
        }

        return new VerifiedToken(User(jwt, ns, uid) with { Extra = extra }, [.. jwt.Audiences]);
    }

    private VerifiedToken? VerifySecret(JsonWebToken jwt, JsonNode? claims)
    {
        string ns = claims.TextOrEmpty(SecretClaims + "namespace");
        string uid = claims.TextOrEmpty(SecretClaims + "service-account.uid");
        ObjectDocument? secret = store.Find(new StoreKey("secrets", new ObjectKey(ns, claims.TextOrEmpty(SecretClaims + "secret.name"))));
        return secret is { Metadata.DeletionTimestamp: null }
            && secret.ToJson().TextOrEmpty("data", "token") == Convert.ToBase64String(Encoding.ASCII.GetBytes(jwt.EncodedToken))
            && IsAccount(ns, claims.TextOrEmpty(SecretClaims + "service-account.name"), uid)
                ? new VerifiedToken(User(jwt, ns, uid), [Issuer])
                : null;
    }

    private bool IsAccount(string ns, string name, string uid) =>
        store.Find(new StoreKey("serviceaccounts", new ObjectKey(ns, name))) is { } account && account.Metadata.Uid == uid && !IsGone(account);

    private static UserInfo User(JsonWebToken jwt, string ns, string uid) => new()
    {
        Name = jwt.Subject,
        Uid = uid,
        Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}", UserInfo.AuthenticatedGroup],
    };

    private bool IsBoundObjectThere(JsonObject? bound, string ns, Dictionary<string, IReadOnlyList<string>> extra)
    {
        if (bound.Object("secret") is { } secret && !Is(secret, store.Find(new StoreKey("secrets", new ObjectKey(ns, secret.TextOrEmpty("name"))))))
        {
            return false;
        }

        if (bound.Object("pod") is { } pod)
        {
            if (!Is(pod, store.Find(new StoreKey("pods", new ObjectKey(ns, pod.TextOrEmpty("name"))))))
            {
                return false;
            }

            extra["authentication.kubernetes.io/pod-name"] = [pod.TextOrEmpty("name")];
            extra["authentication.kubernetes.io/pod-uid"] = [pod.TextOrEmpty("uid")];
        }

        if (bound.Object("node") is { } node)
        {
            if (!bound.Has("pod") && !Is(node, FindCluster("nodes", node.TextOrEmpty("name"))))
            {
                return false;
            }

            extra["authentication.kubernetes.io/node-name"] = [node.TextOrEmpty("name")];
            extra["authentication.kubernetes.io/node-uid"] = [node.TextOrEmpty("uid")];
        }

        return true;
    }

    private bool Is(JsonObject reference, ObjectDocument? found) =>
        found is not null && found.Metadata.Uid == reference.TextOrEmpty("uid") && !IsGone(found);

    private bool IsGone(ObjectDocument document) =>
        document.Metadata.DeletionTimestamp is { } deleted && deleted + DeletionLeeway < time.GetUtcNow();

    private ObjectDocument? FindCluster(string collection, string name) =>
        store.Find(new StoreKey(collection, ObjectKey.Cluster(name)));

    private static JsonObject Reference(string name, string uid) => new() { ["name"] = name, ["uid"] = uid };
}
