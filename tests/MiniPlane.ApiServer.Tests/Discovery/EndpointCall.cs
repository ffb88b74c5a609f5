using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Tests.Discovery;

/// <summary>Calls the discovery and OpenAPI endpoints as the server would, without a server.</summary>
internal sealed class EndpointCall
{
    private readonly ServiceProvider _services;

    public EndpointCall(IKindCatalogue catalogue) =>
        _services = new ServiceCollection().AddSingleton(catalogue).AddDiscovery().BuildServiceProvider();

    public bool IsKnown(string path) => Find(path) is not null;

    public async Task<(int Code, JsonNode? Body, HttpResponse Response)> GetAsync(
        string path, string accept = "application/json", string? ifNoneMatch = null, string method = "GET")
    {
        HttpResponse response = await SendAsync(path, accept, ifNoneMatch, method);
        byte[] body = Bytes(response);
        return (response.StatusCode, body.Length == 0 ? null : JsonNode.Parse(body), response);
    }

    public static byte[] Bytes(HttpResponse response) => ((MemoryStream)response.Body).ToArray();

    public async Task<HttpResponse> SendAsync(string path, string accept, string? ifNoneMatch = null, string method = "GET")
    {
        string[] parts = path.Split('?');
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = parts[0];
        context.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : null);
        context.Request.Host = new HostString("127.0.0.1", 6443);
        context.Request.Headers.Accept = accept;
        context.Request.Headers.IfNoneMatch = ifNoneMatch;
        context.Response.Body = new MemoryStream();
        INonResourceEndpoint endpoint = Find(parts[0]) ?? throw new InvalidOperationException("Nobody answers " + path);
        await endpoint.HandleAsync(context);
        return context.Response;
    }

    private INonResourceEndpoint? Find(string path) =>
        _services.GetServices<INonResourceEndpoint>().FirstOrDefault(endpoint => endpoint.Matches(path));
}
