using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>
/// The real executable with the sim backend in a directory of its own, which can be killed and started again. <c>MINIPLANE_PROGRAM</c>
/// names another build of it, as the published form for long runs.
/// </summary>
/// <param name="diskMebibytes">
/// Zero, or the size of a disk of its own for the data directory, which goes with the process: a tmpfs in its own mount namespace, which
/// no privilege is needed for.
/// </param>
internal sealed class SimulatedCluster(int diskMebibytes = 0) : IAsyncDisposable
{
    private readonly string _directory = System.IO.Directory.CreateTempSubdirectory("miniplane-chaos-").FullName;
    private Process? _process;
    private HttpClient? _client;

    /// <summary>For requests that <see cref="SendAsync"/> has no form for; another one after each start.</summary>
    public HttpClient Client => _client ?? throw new InvalidOperationException("The server is not up");

    /// <summary>The data directory as this process sees it.</summary>
    public string Directory => diskMebibytes == 0
        ? _directory
        : string.Create(CultureInfo.InvariantCulture, $"/proc/{_process?.Id ?? 0}/root{_directory}");

    public async Task StartAsync()
    {
        string[] command =
        [
            .. OwnDisk(),
            .. Environment.GetEnvironmentVariable("MINIPLANE_PROGRAM") is { Length: > 0 } program
                ? (string[])[program]
                : ["dotnet", Path.Combine(AppContext.BaseDirectory, "miniplane.dll")],
            "up", "--data-dir", _directory, "--bind", "127.0.0.1", "--backend", "sim",
        ];
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("miniplane did not start");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await Eventually.TrueAsync(IsReadyAsync, "the server is ready", TimeSpan.FromSeconds(120));
    }

    /// <summary>As <c>kill -9</c>: nothing is put in order.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }

        _client?.Dispose();
        _client = null;
    }

    /// <summary>One request; the answer's body, or null when the object is not there.</summary>
    public async Task<JsonObject?> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        HttpClient client = _client ?? throw new InvalidOperationException("The server is not up");
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20 };
        if (body is not null)
        {
            string type = method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode switch
        {
            HttpStatusCode.NotFound => null,
            _ when answer.IsSuccessStatusCode => JsonNode.Parse(text)?.AsObject(),
            _ => throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}"),
        };
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path) =>
        [.. (await SendAsync(HttpMethod.Get, path)).Objects("items")];

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    private string[] OwnDisk() => diskMebibytes == 0
        ? []
        :
        [
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o \"size=$1m\" tmpfs \"$2\" && shift 2 && exec \"$@\"", "sh",
            diskMebibytes.ToString(CultureInfo.InvariantCulture), _directory,
        ];

    private async Task<bool> IsReadyAsync()
    {
        if (_process is not { HasExited: false })
        {
            throw new InvalidOperationException("miniplane ended");
        }

        string kubeconfig = Path.Combine(Directory, "admin.conf");
        if (!File.Exists(kubeconfig))
        {
            return false;
        }

        try
        {
            _client ??= Connect(await File.ReadAllTextAsync(kubeconfig));
            using HttpResponseMessage answer = await _client.GetAsync(new Uri("/readyz", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            // Not there yet, or so busy that it did not answer in time.
            _client?.Dispose();
            _client = null;
            return false;
        }
    }

    private static HttpClient Connect(string kubeconfig)
    {
        string Value(string name) => Regex.Match(
            kubeconfig, string.Create(CultureInfo.InvariantCulture, $"\"?{name}\"?:\\s*\"?([^\"\\s]+)"), RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        string Pem(string name) => Encoding.ASCII.GetString(Convert.FromBase64String(Value(name)));
        using var pem = X509Certificate2.CreateFromPem(Pem("client-certificate-data"), Pem("client-key-data"));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null)],
#pragma warning disable CA5359 // Who serves on loopback is not what this test is about.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(Value("server")), Timeout = TimeSpan.FromSeconds(30) };
    }
}
