using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;
using MiniPlane.Operations;
using MiniPlane.Store.Locking;

namespace MiniPlane.Connection;

/// <summary>
/// The running server, as the administrator whose kubeconfig lies in the data directory. What goes wrong is a
/// <see cref="CommandFailure"/> that says what to do.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly string _dataDirectory;
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _administrator;
    private readonly HttpClient _client;
    private IReadOnlyList<string> _servers;

    private ServerConnection(string dataDirectory, Kubeconfig kubeconfig, IReadOnlyList<string> servers)
    {
        _dataDirectory = dataDirectory;
        _servers = servers;
        _authority = kubeconfig.Authority();
        _administrator = kubeconfig.Administrator();
        var handler = new SocketsHttpHandler { SslOptions = Tls(_authority, _administrator), UseProxy = false, ConnectTimeout = ConnectLimit };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The server's address that answered last.</summary>
    public string Server => _servers[0];

    /// <summary>The certificate authority, as a kubeconfig has it.</summary>
    public string AuthorityData => Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.ExportCertificatePem() + "\n"));

    /// <summary>Does not connect yet. Throws when the directory holds no cluster.</summary>
    public static ServerConnection Open(string dataDirectory)
    {
        string file = Path.Combine(dataDirectory, AdminKubeconfig.FileName);
        if (!File.Exists(file))
        {
            throw NotRunning.NoCluster(dataDirectory);
        }

        var kubeconfig = Kubeconfig.Load(file);

        // The kubeconfig names this host as it names itself; from another host that sees the directory, the other addresses are right.
        var record = ServerRecord.Load(dataDirectory);
        IEnumerable<string> others = record?.Urls ?? [];
        IReadOnlyList<string> servers = record is not null && record.Host != Environment.MachineName
            ? [.. others.Where(url => !new Uri(url).IsLoopback).DefaultIfEmpty(kubeconfig.Server)]
            : [kubeconfig.Server];
        return new ServerConnection(dataDirectory, kubeconfig, servers);
    }

    public void Dispose()
    {
        _client.Dispose();
        _administrator.Dispose();
        _authority.Dispose();
    }

    /// <summary>What a path answers, as JSON; null for 404.</summary>
    public async Task<JsonObject?> FindAsync(string path, string accept, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, accept, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await JsonAsync(response, cancellationToken);
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        await GetAsync(path, "application/json", cancellationToken);

    public async Task<JsonObject> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, accept, cancellationToken);
        return await JsonAsync(response, cancellationToken);
    }

    /// <summary>Sends an object; answers what the server made of it.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, body, "application/json", cancellationToken);
        return await JsonAsync(response, cancellationToken);
    }

    /// <summary>Copies what a path answers; throws <see cref="HttpRequestException"/> if it is not there whole.</summary>
    public async Task CopyAsync(string path, Stream output, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.GetAsync(
            new Uri(Server + path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(output, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, string accept, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (string server in _servers)
        {
            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            using var request = new HttpRequestMessage(method, new Uri(server + path));
            request.Headers.TryAddWithoutValidation("Accept", accept);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            try
            {
                HttpResponseMessage response = await _client.SendAsync(request, linked.Token);
                _servers = [server];
                return response;
            }
            catch (Exception exception) when (exception is HttpRequestException || !cancellationToken.IsCancellationRequested)
            {
                last = exception;
            }
        }

        throw NotRunning.NoAnswer(_dataDirectory, Server, last, DataDirectoryLock.FindOwner(_dataDirectory));
    }

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        JsonObject? json;
        try
        {
            json = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            json = null;
        }

        return response.IsSuccessStatusCode && json is not null
            ? json
            : throw new CommandFailure($"the server answered {(int)response.StatusCode}: {json.Text("message") ?? text.Trim()}");
    }

    private static SslClientAuthenticationOptions Tls(X509Certificate2 authority, X509Certificate2 administrator)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(administrator, null, offline: true),
            CertificateChainPolicy = policy,
        };
    }
}
