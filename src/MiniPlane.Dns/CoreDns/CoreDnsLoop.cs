using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using MiniPlane.Dns.Forwarding;
using MiniPlane.Dns.Serving;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Dns.CoreDns;

/// <summary>
/// Runs CoreDNS as a child: writes its Corefile, starts it, asks after its health, ends it when it no longer answers or when the
/// cluster stops. When it ends by itself it is started again, ever later (the loop's back-off).
/// </summary>
internal sealed partial class CoreDnsLoop(CoreDnsOptions options, ILogger<CoreDnsLoop> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private const int ChecksMissed = 3;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly ILogger _logger = logger;
    private int _port = options.Port;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        // The same port after a fault: people and pods were told this one.
        _port = _port != 0 ? _port : FreePort(options.Address);
        int healthPort = FreePort(options.Address);
        string file = Path.Combine(options.Directory, "Corefile");
        Directory.CreateDirectory(options.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(file, Corefile.Write(options, _port, healthPort, Others()), cancellationToken);
        using Process process = Start(file);
        LogStarted(_logger, options.Program, process.Id, options.Zone, options.Address, _port);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task output = FollowAsync(process.StandardOutput, ended.Token);
        Task errors = FollowAsync(process.StandardError, ended.Token);
        Task health = WatchHealthAsync(new Uri($"http://{new IPEndPoint(options.Address, healthPort)}/health"), ended.Token);
        try
        {
            Task first = await Task.WhenAny(process.WaitForExitAsync(cancellationToken), health);
            await first;
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{options.Program} ended with {process.ExitCode}"));
        }
        finally
        {
            await ended.CancelAsync();
            await StopAsync(process);
            await Task.WhenAll(output, errors, health).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IReadOnlyList<IPEndPoint>? Others()
    {
        IReadOnlyList<IPEndPoint> chosen = options.Upstreams ?? Upstreams.FromList(Environment.GetEnvironmentVariable("EXTERNAL_DNS") ?? "");
        return options.Upstreams is not null || chosen.Count > 0 ? chosen : File.Exists(Corefile.ResolvConf) ? null : [];
    }

    private Process Start(string file)
    {
        var info = new ProcessStartInfo(options.Program, ["-conf", file])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.Directory,
        };
        var process = Process.Start(info) ?? throw new InvalidOperationException($"{options.Program} did not start");
        process.StandardInput.Close();
        return process;
    }

    private async Task FollowAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            LogSaid(_logger, line);
        }
    }

    private async Task WatchHealthAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = CheckLimit };
        int missed = 0;
        while (missed < ChecksMissed)
        {
            await Task.Delay(CheckInterval, Time, cancellationToken);
            missed = await IsWellAsync(client, address, cancellationToken) ? 0 : missed + 1;
        }

        throw new InvalidOperationException($"{options.Program} does not answer on {address}");
    }

    private static async Task<bool> IsWellAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task StopAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        // CoreDNS finishes what it is answering when it is asked to end.
        using var limit = new CancellationTokenSource(StopLimit, Time);
        try
        {
            using var asked = Process.Start(new ProcessStartInfo("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]));
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or System.ComponentModel.Win32Exception)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static int FreePort(IPAddress address)
    {
        using var sockets = DnsSockets.Bind(address, 0);
        return sockets.EndPoint.Port;
    }

    [LoggerMessage(6040, LogLevel.Information, "{Program} (process {ProcessId}) serves DNS for {Zone} on {Address}:{Port}, UDP and TCP")]
    private static partial void LogStarted(ILogger logger, string program, int processId, string zone, IPAddress address, int port);

    [LoggerMessage(6041, LogLevel.Information, "CoreDNS: {Line}")]
    private static partial void LogSaid(ILogger logger, string line);
}
