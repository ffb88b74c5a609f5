using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// Sends requests to slurmrestd and agrees on a version with it first. Each has a time limit and a bound on what may come back; nothing
/// of what can be expected to go wrong is thrown.
/// </summary>
internal sealed class RestCaller : IDisposable
{
    private const long LongestAnswer = 256 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly RestLogin _login;
    private readonly WorkloadMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _agreeing = new(1);
    private volatile RestVersions? _versions;

    public RestCaller(RestAddress address, RestLogin login, TimeProvider time, WorkloadMetrics? metrics = null)
    {
        Address = address;
        _login = login;
        _time = time;
        _metrics = metrics;
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxConnectionsPerServer = 8,
            // slurmrestd closes connections that are idle; one that is taken again just then fails.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        var trust = HostTrust.Find();
        _handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            trust.Accepts(certificate, chain, errors);
        if (address.SocketPath.Length > 0)
        {
            _handler.ConnectCallback = ConnectAsync;
        }

        _client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = address.Root, Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
    }

    public RestAddress Address { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The version that was agreed on, null before.</summary>
    public RestVersions? Versions => _versions;

    public Task<RestAnswer> GetAsync(Func<RestVersions, string> path, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <param name="method">What to do.</param>
    /// <param name="path">The path of a version.</param>
    /// <param name="body">The body of a version, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RestAnswer> CallAsync(
        HttpMethod method, Func<RestVersions, string> path, Func<RestVersions, JsonObject>? body, CancellationToken cancellationToken)
    {
        (RestVersions? versions, string trouble) = await AgreeAsync(cancellationToken);
        if (versions is null)
        {
            return RestAnswer.NoAnswer(trouble);
        }

        string wanted = path(versions);
        long started = _time.GetTimestamp();
        RestAnswer answer = await SendAsync(method, wanted, body?.Invoke(versions), cancellationToken);
        _metrics?.Called($"{method} {Kind(versions, wanted)}", answer, _time.GetElapsedTime(started));
        if (answer.Status == HttpStatusCode.NotFound && !answer.IsAnswer)
        {
            // Another slurmrestd, of another version, has taken this one's place.
            _versions = null;
        }

        return answer;
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
        _agreeing.Dispose();
    }

    private async Task<(RestVersions? Versions, string Trouble)> AgreeAsync(CancellationToken cancellationToken)
    {
        if (_versions is { } agreed)
        {
            return (agreed, "");
        }

        await _agreeing.WaitAsync(cancellationToken);
        try
        {
            if (_versions is { } now)
            {
                return (now, "");
            }

            using RestAnswer answer = await SendAsync(HttpMethod.Get, "openapi/v3", null, cancellationToken);
            if (!answer.Succeeded)
            {
                return (null, answer.Complaint.Length > 0 ? answer.Complaint : $"{Address.Text} does not describe itself at /openapi/v3");
            }

            JsonElement paths = RestValue.Get(answer.Root, "paths");
            string served = "";
            _versions = paths.ValueKind == JsonValueKind.Object ? RestVersions.Choose(paths.EnumerateObject().Select(path => path.Name), out served) : null;
            return (_versions, $"{Address.Text} speaks {(served.Length > 0 ? served : "nothing known")}; this program speaks v0.0.{RestVersions.Oldest} (Slurm 22.05) to v0.0.{RestVersions.Newest} (26.05)");
        }
        finally
        {
            _agreeing.Release();
        }
    }

    private async Task<RestAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(Limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        string token = _login.ReadToken();
        if (token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-SLURM-USER-NAME", _login.User);
            request.Headers.TryAddWithoutValidation("X-SLURM-USER-TOKEN", token);
        }

        if (body is not null)
        {
            // slurmrestd wants the bare type, and a length.
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, linked.Token);
            return await ReadAsync(response, linked.Token);
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return RestAnswer.NoAnswer($"{Address.Text} did not answer within {Limit.TotalSeconds} s");
        }
        catch (HttpRequestException exception)
        {
            return RestAnswer.NoAnswer($"{Address.Text} does not answer: {(exception.InnerException ?? exception).Message}");
        }
    }

    private async Task<RestAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // From 24.11 on a token that is wrong or has ended is 511, as slurmctld is who refuses it.
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NetworkAuthenticationRequired)
        {
            return RestAnswer.NoAnswer($"{Address.Text} does not know who this is ({(int)response.StatusCode}); {_login.Advice}");
        }

        byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return RestAnswer.Of(JsonDocument.Parse(content), response.StatusCode);
        }
        catch (JsonException)
        {
            string text = Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 200))).ReplaceLineEndings(" ").Trim();
            // Before 23.11 a caller whom no plug-in recognizes gets text.
            return RestAnswer.NoAnswer(text.Contains("Authentication failure", StringComparison.OrdinalIgnoreCase)
                ? $"{Address.Text} does not know who this is; {_login.Advice}"
                : $"{Address.Text} answers with status {(int)response.StatusCode}: {text}");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Address.SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // For a metric: without numbers of jobs.
    private static string Kind(RestVersions versions, string path)
    {
        bool isAccounts = path.StartsWith(versions.AccountsPrefix, StringComparison.Ordinal);
        string rest = path[(isAccounts ? versions.AccountsPrefix : versions.Prefix).Length..].Split('?')[0];
        return (isAccounts ? "accounts/" : "") + (rest.StartsWith("job/", StringComparison.Ordinal) && rest != "job/submit" ? "job" : rest);
    }
}
