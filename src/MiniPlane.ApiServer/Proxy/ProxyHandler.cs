using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniPlane.ApiServer.Handlers;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Proxy;

/// <summary>
/// <c>pods/proxy</c>, <c>services/proxy</c> and <c>nodes/proxy</c>: HTTP into the cluster for whoever may
/// (registry/core/pod, service and node, ResourceLocation).
/// </summary>
internal sealed class ProxyHandler(ObjectRegistry registry, ServiceResolver services, HttpRelay relay) : ISubresourceHandler
{
    private const string KubeletPort = "10250";

    public bool Handles(KindDefinition kind, string subresource) =>
        subresource == "proxy" && kind is { Group: "", Kind: "Pod" or "Service" or "Node" };

    public async Task HandleAsync(ApiRequest request)
    {
        ProxyName name = ProxyName.Parse(request.Info.Name)
            ?? throw ApiErrors.BadRequest($"invalid {request.Kind.Kind.ToLowerInvariant()} request \"{request.Info.Name}\"");
        (string prefix, string path) = Split(request);
        HttpContext context = request.Http;
        if (path.Length == 0 && HttpMethods.IsGet(context.Request.Method))
        {
            // Relative links of the page behind only work below a slash.
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = $"{prefix}/{context.Request.QueryString}";
            return;
        }

        EndpointAddress address = request.Kind.Kind switch
        {
            "Pod" => Pod(request, name),
            "Service" => Service(request, name),
            _ => Node(request, name),
        };
        string scheme = request.Kind.Kind == "Node" && name.Port.Length == 0 ? "https" : name.Scheme;
        var url = new Uri($"{scheme}://{address}{(path.Length == 0 ? "/" : path)}{context.Request.QueryString}");
        var target = new RelayTarget(url, false, new OutboundTrust("", SkipVerify: true)) { LocationPrefix = prefix };
        await relay.RelayAsync(context, target);
    }

    private EndpointAddress Pod(ApiRequest request, ProxyName name)
    {
        JsonObject pod = registry.Access.Get(request.Kind, request.Key with { Name = name.Name }).ToJson();
        string port = name.Port.Length > 0
            ? name.Port
            : pod.Objects("spec", "containers").SelectMany(container => container.Objects("ports"))
                .Select(one => one["containerPort"].Compacted()).FirstOrDefault() ?? "80";
        string ip = pod.TextOrEmpty("status", "podIP");
        return ip.Length > 0
            ? new EndpointAddress(ip, Number(port), request.Key with { Name = name.Name })
            : throw ApiErrors.BadRequest("address not allowed");
    }

    private EndpointAddress Service(ApiRequest request, ProxyName name)
    {
        registry.Access.Get(request.Kind, request.Key with { Name = name.Name });
        try
        {
            return services.Resolve(request.Info.Namespace, name.Name, name.Port);
        }
        catch (OutboundException error)
        {
            throw ApiErrors.ServiceUnavailable(error.Message);
        }
    }

    private EndpointAddress Node(ApiRequest request, ProxyName name)
    {
        JsonObject node = registry.Access.Get(request.Kind, ObjectKey.Cluster(name.Name)).ToJson();
        string ip = node.Objects("status", "addresses")
            .Where(address => address.Text("type") is "InternalIP" or "ExternalIP" or "Hostname")
            .OrderBy(address => address.Text("type") == "InternalIP" ? 0 : 1)
            .Select(address => address.TextOrEmpty("address"))
            .FirstOrDefault() ?? "";
        return ip.Length > 0
            ? new EndpointAddress(ip, Number(name.Port.Length > 0 ? name.Port : KubeletPort), null)
            : throw ApiErrors.ServiceUnavailable($"node \"{name.Name}\" has no address");
    }

    private static int Number(string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536
            ? number
            : throw ApiErrors.BadRequest($"invalid port \"{port}\"");

    // From the request line as it came: what is escaped must stay so.
    private static (string Prefix, string Path) Split(ApiRequest request)
    {
        string raw = request.Http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? request.Info.Path;
        int query = raw.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? raw : raw[..query];

        // api/v1/[namespaces/NS/]RESOURCE/NAME/proxy: the path before what is meant for the other side has a known number of parts.
        int at = 0;
        for (int parts = request.Kind.IsNamespaced ? 7 : 5; parts > 0 && at >= 0; parts--)
        {
            at = path.IndexOf('/', at + 1);
        }

        return at < 0 ? (path, "") : (path[..at], path[at..]);
    }
}
