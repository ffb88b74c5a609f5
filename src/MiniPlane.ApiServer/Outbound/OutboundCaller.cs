using System.Net;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>
/// The one way in which the server itself speaks HTTP to others: webhooks, conversion, aggregated API servers, proxied endpoints.
/// Hosts named <c>NAME.NAMESPACE.svc</c> are Services when the caller says so, and are resolved here for each new connection.
/// </summary>
internal sealed class OutboundCaller(ServiceResolver resolver, IEndpointDialer dialer) : IDisposable
{
    private const int MaxPools = 64;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    // Endpoints come and go; a connection to one that left the service is not kept for long.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(90);

    // Guards _pools. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<(bool IsService, OutboundTrust Trust), (HttpMessageInvoker Client, long Used)> _pools = [];
    private long _uses;

    /// <summary>
    /// Sends one request; the answer's body is not read yet. <paramref name="isService"/>: the URL's host is a Service.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, bool isService, OutboundTrust trust, CancellationToken cancellationToken) =>
        Client(isService, trust).SendAsync(request, cancellationToken);

    /// <summary>A connected stream to a Service's endpoint or, without one, to the host itself.</summary>
    public ValueTask<Stream> DialAsync(string host, int port, bool isService, CancellationToken cancellationToken) =>
        dialer.DialAsync(Address(host, port, isService), cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach ((HttpMessageInvoker client, _) in _pools.Values)
            {
                client.Dispose();
            }

            _pools.Clear();
        }
    }

    private HttpMessageInvoker Client(bool isService, OutboundTrust trust)
    {
        lock (_gate)
        {
            (bool, OutboundTrust) key = (isService, trust);
            if (!_pools.TryGetValue(key, out (HttpMessageInvoker Client, long Used) pool))
            {
                if (_pools.Count >= MaxPools)
                {
                    // Requests that are under way keep their connection; only idle ones are closed.
                    (bool, OutboundTrust) oldest = _pools.MinBy(entry => entry.Value.Used).Key;
                    _pools.Remove(oldest, out (HttpMessageInvoker Client, long Used) gone);
                    gone.Client.Dispose();
                }

                pool.Client = Make(isService, trust);
            }

            _pools[key] = (pool.Client, ++_uses);
            return pool.Client;
        }
    }

    private HttpMessageInvoker Make(bool isService, OutboundTrust trust)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = ConnectionLife,
            PooledConnectionIdleTimeout = IdleLife,
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellationToken) =>
                DialAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, isService, cancellationToken),
        };
        handler.SslOptions = TlsChecks.Options(trust);
        return new HttpMessageInvoker(handler);
    }

    private EndpointAddress Address(string host, int port, bool isService)
    {
        if (!isService)
        {
            return new EndpointAddress(host, port, null);
        }

        string[] labels = host.Split('.');
        return labels.Length >= 2
            ? resolver.Resolve(labels[1], labels[0], port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : throw new OutboundException($"service \"{host}\" not found");
    }
}
