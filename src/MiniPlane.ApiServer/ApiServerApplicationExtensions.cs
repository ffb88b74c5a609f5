using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer;

/// <summary>Puts the API server into a web application.</summary>
public static class ApiServerApplicationExtensions
{
    // A client that holds many watches over one connection needs one stream for each.
    private const int MaxStreamsPerConnection = 1000;

    // Selectors and tokens are long; Go's servers take a megabyte, a quarter of that is more than anyone was seen to send.
    private const int MaxLine = 256 * 1024;

    /// <summary>
    /// Listens with the cluster's certificate on the options' address and port; HTTP/1.1 and HTTP/2. Client certificates are asked
    /// for but not required: authentication answers 401 where TLS could only hang up.
    /// </summary>
    public static void ListenForApiServer(this KestrelServerOptions kestrel, ApiServerOptions options)
    {
        kestrel.AddServerHeader = false;

        // Each answer has an id of its own, so that a table of headers forgets what it learned and costs more than the bytes it saves.
        kestrel.AllowResponseHeaderCompression = false;
        kestrel.Limits.MaxRequestBodySize = null;

        // A client may stop reading a log for as long as it likes (a pager does); one that is gone is found by pings.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = MaxLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxLine;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxLine;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(30);
        kestrel.Listen(options.BindAddress, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            ClusterPki pki = listen.ApplicationServices.GetRequiredService<ClusterPki>();
            listen.UseHttps(https =>
            {
                https.ServerCertificate = pki.Serving;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
                https.OnAuthenticate = (_, tls) => tls.CertificateRevocationCheckMode =
                    System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck;
            });
        });
    }

    /// <summary>Answers every request that no endpoint before it has taken. Call last.</summary>
    public static void UseApiServer(this IApplicationBuilder app)
    {
        ApiDispatcher dispatcher = app.ApplicationServices.GetRequiredService<ApiDispatcher>();
        app.UseWhen(MayUpgrade, upgrading => upgrading.UseWebSockets());
        app.Run(dispatcher.HandleAsync);
    }

    // Most requests never leave HTTP; they need not carry the means to.
    private static bool MayUpgrade(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) || context.Request.Headers.Upgrade.Count > 0;
}
