using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;

namespace MiniPlane.Benchmarks.Overload;

/// <summary>
/// Far more clients than the server has seats for, as one ordinary user: what they are answered, and what memory the server takes
/// meanwhile. A third of them lists, the others create. Usage: <c>miniplane-bench overload SERVER-COMMAND [--clients 500] [--seconds 15]</c>.
/// </summary>
internal sealed class OverloadRun(string command, int clients, int seconds, TextWriter output, TimeProvider time)
{
    private const string Token = "overload-token";

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<double> _waits = [];
    private int _next;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-overload-").FullName;
        try
        {
            string tokens = Path.Combine(directory, "tokens.csv");
            await File.WriteAllTextAsync(tokens, $"{Token},somebody,u-1\n", cancellationToken);
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(
                command, Path.Combine(directory, "data"), time, cancellationToken, "--token-file", tokens, "--authorization", "AlwaysAllow");
            double idle = server.ResidentMebibytes;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
            Task<double> memory = MostMemoryAsync(server, stop.Token);
            await Task.WhenAll(Enumerable.Range(0, clients).Select(number => LoopAsync(server, number, stop.Token)));
            double most = await memory;
            await Task.Delay(TimeSpan.FromSeconds(10), time, cancellationToken);
            await ReportAsync(server, idle, most);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task ReportAsync(ServerUnderTest server, double idle, double most)
    {
        double[] waits = [.. _waits.Order()];
        foreach ((string answer, int count) in _answers.OrderByDescending(pair => pair.Value))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {answer} | {count} |"));
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| answers, p50 and p99 ms | {waits[waits.Length / 2]:F0}, {waits[waits.Length * 99 / 100]:F0} |"));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| resident MiB before, at most, 10 s after | {idle:F0}, {most:F0}, {server.ResidentMebibytes:F0} |"));
    }

    private async Task<double> MostMemoryAsync(ServerUnderTest server, CancellationToken cancellationToken)
    {
        double most = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            most = Math.Max(most, server.ResidentMebibytes);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None);
        }

        return most;
    }

    private async Task LoopAsync(ServerUnderTest server, int number, CancellationToken cancellationToken)
    {
        using HttpClient client = NewClient(server);
        bool lists = number % 3 == 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            string answer = await AskAsync(client, lists, cancellationToken);
            if (answer.Length > 0)
            {
                _answers.AddOrUpdate($"{(lists ? "list" : "create")}: {answer}", 1, (_, count) => count + 1);
                _waits.Add(time.GetElapsedTime(started).TotalMilliseconds);
            }
        }
    }

    private async Task<string> AskAsync(HttpClient client, bool lists, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(lists ? HttpMethod.Get : HttpMethod.Post, $"{Api.Namespace}/configmaps")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = lists ? null : new StringContent(Bodies.ConfigMap(Interlocked.Increment(ref _next)), Encoding.UTF8, "application/json"),
        };
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            using var counted = new CountingStream();
            await answer.Content.CopyToAsync(counted, cancellationToken);
            return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return "";
        }
        catch (HttpRequestException exception)
        {
            return cancellationToken.IsCancellationRequested ? "" : exception.HttpRequestError.ToString();
        }
    }

    private static HttpClient NewClient(ServerUnderTest server)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
#pragma warning disable CA5359 // A load generator on loopback measures; it does not authenticate the server.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
        };
        var client = new HttpClient(handler) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }
}
