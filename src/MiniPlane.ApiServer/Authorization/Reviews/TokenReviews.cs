using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>Whose token is this, and is it meant for me?</summary>
internal sealed class TokenReviews(ServiceAccountTokens tokens, TokenFileAuthenticator staticTokens) : IVirtualKind
{
    public bool Handles(KindDefinition kind) => kind is { Group: "authentication.k8s.io", Kind: "TokenReview" };

    public async ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        string token = body.TextOrEmpty("spec", "token");
        string[] wanted = [.. body.Texts("spec", "audiences")];
        wanted = wanted.Length > 0 ? wanted : [tokens.Issuer];
        VerifiedToken? verified = staticTokens.Find(token) is { } user
            ? new VerifiedToken(user, [tokens.Issuer])
            : await tokens.VerifyAsync(token);
        string[] audiences = [.. wanted.Intersect(verified?.Audiences ?? [], StringComparer.Ordinal)];
        var status = new JsonObject();
        if (verified is not null && audiences.Length > 0)
        {
            status["authenticated"] = true;
            status["user"] = UserJson.Of(verified.User);
            status["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]);
        }
        else
        {
            status["user"] = new JsonObject();
            status["error"] = verified is null
                ? "invalid bearer token"
                : "token audiences are invalid for the target audiences";
        }

        body["status"] = status;
        return body;
    }
}
