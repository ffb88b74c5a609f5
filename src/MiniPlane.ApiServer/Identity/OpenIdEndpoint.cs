using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Registry;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Lets others check service-account tokens by themselves: OpenID discovery and the public key
/// (<c>/.well-known/openid-configuration</c>, <c>/openid/v1/jwks</c>; KEP-1393).
/// </summary>
internal sealed class OpenIdEndpoint(ServiceAccountKey key, ApiServerOptions options) : INonResourceEndpoint
{
    private const string KeysPath = "/openid/v1/jwks";

    public bool Matches(string path) => path is "/.well-known/openid-configuration" or KeysPath or KeysPath + "/";

    public async Task HandleAsync(HttpContext context)
    {
        Discovery.DocumentWriter.RequireGet(context);
        bool isKeys = (context.Request.Path.Value ?? "").StartsWith(KeysPath, StringComparison.Ordinal);
        ReadOnlyMemory<byte> body = JsonBytes.Encode(isKeys ? Keys() : Configuration());
        HttpResponse response = context.Response;
        response.ContentType = isKeys ? "application/jwk-set+json" : "application/json";
        response.Headers.CacheControl = "public, max-age=3600";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private JsonObject Configuration() => new()
    {
        ["issuer"] = options.ServiceAccountIssuer,
        ["jwks_uri"] = options.ServiceAccountIssuer.TrimEnd('/') + KeysPath,
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };

    private JsonObject Keys()
    {
        JsonWebKey web = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key.Key);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = key.Key.KeyId,
                ["crv"] = web.Crv,
                ["alg"] = "ES256",
                ["x"] = web.X,
                ["y"] = web.Y,
            }),
        };
    }
}
