using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.ApiServer.Proxy;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>The APIServices that lead to other servers, and the way there (k8s.io/kube-aggregator).</summary>
internal sealed class AggregatedApis(IRevisionStore store, HttpRelay relay, OutboundCaller caller, FrontProxyPki pki)
{
    private readonly CollectionView<AggregatedApi[]> _all = new(
        store,
        BuiltInKinds.APIService.Collection,
        snapshot => [.. snapshot.Range(null, null).Select(AggregatedApi.From).OfType<AggregatedApi>()]);

    /// <summary>All of them, in discovery order.</summary>
    public IReadOnlyList<AggregatedApi> All => _all.Current;

    public AggregatedApi? Find(string group, string version) =>
        Array.Find(_all.Current, api => api.Group == group && api.Version == version);

    /// <summary>Passes the request on, with the user's name on it.</summary>
    public Task RelayAsync(HttpContext context, AggregatedApi api, UserInfo user)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? context.Request.Path + context.Request.QueryString;
        var target = new RelayTarget(new Uri(Root(api) + raw), true, Trust(api)) { Headers = [.. UserHeaders(user)] };
        return relay.RelayAsync(context, target);
    }

    /// <summary>Asks the server something on this server's own behalf.</summary>
    public Task<(int Code, byte[] Body)> GetAsync(AggregatedApi api, string path, string accept, CancellationToken cancellationToken) =>
        GetAsync(api, path, accept, new UserInfo { Name = "system:kube-aggregator", Groups = [UserInfo.MastersGroup] }, cancellationToken);

    /// <summary>Asks the server something in somebody's name.</summary>
    public async Task<(int Code, byte[] Body)> GetAsync(
        AggregatedApi api, string path, string accept, UserInfo user, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Root(api) + path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach ((string name, string value) in UserHeaders(user))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await caller.SendAsync(request, true, Trust(api), cancellationToken);
        return ((int)response.StatusCode, await BoundedBody.ReadAsync(response.Content, 4 << 20, cancellationToken));
    }

    private static string Root(AggregatedApi api) =>
        string.Create(CultureInfo.InvariantCulture, $"https://{api.Service.Host}:{api.Service.Port}");

    private OutboundTrust Trust(AggregatedApi api) => new(api.CaBundle, api.SkipVerify, pki.Client);

    private static IEnumerable<KeyValuePair<string, string>> UserHeaders(UserInfo user)
    {
        yield return KeyValuePair.Create("X-Remote-User", user.Name);
        if (user.Uid.Length > 0)
        {
            yield return KeyValuePair.Create("X-Remote-Uid", user.Uid);
        }

        foreach (string group in user.Groups)
        {
            yield return KeyValuePair.Create("X-Remote-Group", group);
        }

        foreach ((string key, IReadOnlyList<string> values) in user.Extra)
        {
            foreach (string value in values)
            {
                yield return KeyValuePair.Create($"X-Remote-Extra-{Uri.EscapeDataString(key)}", value);
            }
        }
    }
}
