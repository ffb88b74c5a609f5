using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>
/// The real <c>miniplane up</c>, run by the ordinary user on the rig's Slurm, with a data directory of its own.
/// </summary>
/// <param name="rig">The rig.</param>
/// <param name="program">The command that stands for <c>miniplane</c>, where it is not the published program itself.</param>
/// <param name="settings">Flags of <c>up</c>; by default those for Slurm.</param>
internal sealed class ControlPlaneProcess(RigSettings rig, string[]? program = null, string[]? settings = null) : IAsyncDisposable
{
    private static readonly string[] OnSlurm = ["--backend", "slurm"];

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private Process? _process;

    public string Directory { get; } = Path.Combine(rig.Work, Guid.NewGuid().ToString("n")[..12]);

    /// <summary>The port that this cluster's DNS was told to use, UDP and TCP.</summary>
    public int DnsPort { get; } = FreePort();

    public string Kubeconfig => Path.Combine(Directory, "data", "admin.conf");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(Directory, "miniplane.log");

    public async Task StartAsync()
    {
        (await rig.RunAsync("mkdir", "-p", Directory)).OrFail();
        (string file, string[] arguments) = rig.AsOrdinaryUser(
        [
            "sh", "-c", "cd \"$1\" && echo $$ > pid && shift && exec \"$@\" >> miniplane.log 2>&1", "sh", Directory,
            .. program ?? [Path.Combine(rig.App, "miniplane")],
            "up", "--data-dir", Path.Combine(Directory, "data"), "--poll-interval", "1",
            "--dns-port", DnsPort.ToString(CultureInfo.InvariantCulture), .. settings ?? OnSlurm,
        ]);
        _process = Command.Start(file, arguments);
        await Eventually.TrueAsync(IsReadyAsync, "the control plane is ready", ReadyLimit);
    }

    /// <summary>Ctrl-C, and what the process said until it ended.</summary>
    public async Task<string> InterruptAsync()
    {
        Process process = _process ?? throw new InvalidOperationException("not started");
        await rig.RunAsync("kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(ReadyLimit, TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        _process = null;
        return Log;
    }

    /// <summary>Ends the process as a crash would: no warning, no clean-up.</summary>
    public async Task KillAsync()
    {
        Process process = _process ?? throw new InvalidOperationException("not started");
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
        {
            await CancelJobsAsync();
            return;
        }

        await rig.RunAsync("kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
        await CancelJobsAsync();
    }

    // Free now for both protocols; nothing else on the machine hands out ports of this range in the next moment.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process is { HasExited: true } ended)
        {
            throw new InvalidOperationException($"miniplane ended with {ended.ExitCode}:\n{Log}");
        }

        return File.Exists(Kubeconfig)
            && (await rig.RunAsync(
                Path.Combine(rig.Bin, "kubectl"), "--kubeconfig", Kubeconfig, "--request-timeout=5s", "get", "--raw=/readyz")).Succeeded;
    }

    // Pods outlive their control plane on purpose; this cluster's jobs have their work directory under its own.
    private async Task CancelJobsAsync()
    {
        string queue = (await rig.RunAsync("squeue", "-h", "--me", "-o", "%A %Z")).OrFail();
        string[] jobs =
        [
            .. queue.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 2))
                .Where(job => job[1].StartsWith(Directory, StringComparison.Ordinal))
                .Select(job => job[0]),
        ];
        if (jobs.Length > 0)
        {
            await rig.RunAsync(["scancel", .. jobs]);
        }
    }
}
