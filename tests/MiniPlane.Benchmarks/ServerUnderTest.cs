using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Benchmarks;

/// <summary>A server process in a directory of its own, with what the benchmarks read from it: CPU time and memory.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private const long ClockTicksPerSecond = 100;
    private readonly Process _process;
    private readonly string _directory;

    // A burst of load must not wait for handshakes, and a client's certificate is the same all along.
    private X509Certificate2? _certificate;

    private ServerUnderTest(Process process, string directory)
    {
        _process = process;
        _directory = directory;
    }

    public Uri Address { get; private set; } = new("https://127.0.0.1");

    public TimeSpan ReadyAfter { get; private set; }

    public TimeSpan CpuUntilReady { get; private set; }

    /// <summary>CPU time of the process so far, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
        }
    }

    public double ResidentMebibytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    /// <summary>Starts the server in <paramref name="directory"/> and waits until it is ready.</summary>
    public static async Task<ServerUnderTest> StartAsync(
        string command, string directory, TimeProvider time, CancellationToken cancellationToken, params string[] flags)
    {
        var start = new ProcessStartInfo(command)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["up", "--data-dir", directory, "--bind", "127.0.0.1", "--backend", "sim", .. flags])
        {
            start.ArgumentList.Add(argument);
        }

        long started = time.GetTimestamp();
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerUnderTest(process, directory);
        await server.WaitReadyAsync(started, time, cancellationToken);
        return server;
    }

    /// <summary>A client with a connection of its own, as a separate process would have.</summary>
    public HttpClient NewClient()
    {
        X509Certificate2 certificate = _certificate ??= ReadKubeconfig().Certificate;
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
#pragma warning disable CA5359 // A load generator on loopback measures; it does not authenticate the server.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _certificate?.Dispose();
    }

    private async Task WaitReadyAsync(long started, TimeProvider time, CancellationToken cancellationToken)
    {
        string kubeconfig = Path.Combine(_directory, "admin.conf");
        HttpClient? client = null;
        while (time.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"the server ended with exit code {_process.ExitCode}");
            }

            if (File.Exists(kubeconfig))
            {
                Address = ReadKubeconfig().Server;
                client ??= NewClient();
                if (await IsReadyAsync(client, cancellationToken))
                {
                    ReadyAfter = time.GetElapsedTime(started);
                    CpuUntilReady = Cpu;
                    client.Dispose();
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), time, cancellationToken);
        }

        throw new TimeoutException("the server was not ready within 60 s");
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private (X509Certificate2 Certificate, Uri Server) ReadKubeconfig()
    {
        var yaml = new YamlStream();
        using (StreamReader reader = File.OpenText(Path.Combine(_directory, "admin.conf")))
        {
            yaml.Load(reader);
        }

        YamlNode root = yaml.Documents[0].RootNode;
        string server = root["clusters"][0]["cluster"]["server"].ToString();
        YamlNode user = root["users"][0]["user"];
        using var pem = X509Certificate2.CreateFromPem(
            Decode(user["client-certificate-data"]), Decode(user["client-key-data"]));
        return (X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null), new Uri(server));
    }

    private static string Decode(YamlNode node) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(node.ToString()));
}
