using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer;
using MiniPlane.ApiServer.Identity;
using MiniPlane.CommandLine;
using MiniPlane.InSlurm;
using MiniPlane.Objects.Networking;
using MiniPlane.Operations;
using MiniPlane.Store.Locking;
using MiniPlane.Store.Revisions;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Hosting;

/// <summary>Runs the composed rooms as one process, from taking the data directory to giving it back.</summary>
internal static class ControlPlane
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);

    public static Task RunAsync(UpOptions options, Terminal terminal, CancellationToken cancellationToken) =>
        RunAsync(options, job: null, terminal, cancellationToken);

    /// <param name="options">What was asked for.</param>
    /// <param name="job">The Slurm job that this process is, or null.</param>
    /// <param name="terminal">The user.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(UpOptions options, JobServer? job, Terminal terminal, CancellationToken cancellationToken)
    {
        HostTrust.HideFromRuntime();
        using var owned = DataDirectoryLock.Acquire(options.DataDirectory);
        if (PrivateFile.MakePrivate(options.DataDirectory))
        {
            terminal.Caution($"{options.DataDirectory} could be read by others; it is now yours alone (0700)");
        }

        using Socket listening = PortChooser.Take(options.Port, options.BindAddress, options.DataDirectory);
        int port = PortChooser.PortOf(listening);
        await using WebApplication app = Build(options, port, listening, job);
        await terminal.WaitAsync("Starting", () => app.StartAsync(cancellationToken));

        PortChooser.Remember(options.DataDirectory, port);
        string url = job is null ? HostAddresses.LocalUrl(options.BindAddress, port) : HostAddresses.PublicUrl(options.BindAddress, port);
        string kubeconfig = AdminKubeconfig.Write(app.Services.GetRequiredService<ClusterPki>(), options.DataDirectory, url);
        IWorkloadOverview work = app.Services.GetRequiredService<IWorkloadOverview>();
        Record(options, port, work.Backend).Save(options.DataDirectory);
        job?.Ready();
        Banner.Started(terminal, options, work, app.Services.GetRequiredService<IRevisionStore>());
        Banner.Write(terminal, url, kubeconfig, options.DataDirectory);
        if (app.Services.GetRequiredService<SlurmReach>().Advice is { Length: > 0 } advice)
        {
            terminal.Warning($"no pod can run yet, and the nodes are not ready. {advice}");
        }

        await app.WaitForShutdownAsync(cancellationToken);

        using var limit = new CancellationTokenSource(ShutdownLimit);
        await terminal.WaitAsync("Stopping", () => app.StopAsync(limit.Token));
        Banner.Stopped(terminal, options.DataDirectory, work);
    }

    private static ServerRecord Record(UpOptions options, int port, string backend) => new()
    {
        Host = Environment.MachineName,
        Pid = Environment.ProcessId,
        Started = TimeProvider.System.GetUtcNow(),
        Version = ProgramVersion.Text,
        Urls = HostAddresses.Endpoints(options.BindAddress, port),
        Backend = backend,
        Settings = options.Given,
    };

    private static WebApplication Build(UpOptions options, int port, Socket listening, JobServer? job)
    {
        ApiServerOptions apiServer = Rooms.ApiServer(options, port);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddLogFile(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
        WebApplication? app = null;
        builder.Services.AddRooms(
            options, apiServer, () => app?.Services.GetRequiredService<ClusterPki>() ?? throw new InvalidOperationException("not built yet"));
        job?.AddTo(builder.Services);
        builder.WebHost
            .UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint => endpoint is IPEndPoint wanted && wanted.Port == port
                ? listening
                : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint))
            .ConfigureKestrel(kestrel => kestrel.ListenForApiServer(apiServer));

        app = builder.Build();
        app.UseRooms();
        return app;
    }
}
