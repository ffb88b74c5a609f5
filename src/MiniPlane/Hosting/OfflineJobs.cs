using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Configuration;
using MiniPlane.Operations;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Hosting;

/// <summary>The jobs of a cluster whose server does not run, reached as the server reached them.</summary>
internal sealed class OfflineJobs : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OfflineJobs(ServiceProvider services) => _services = services;

    public JobSweep Sweep => _services.GetRequiredService<JobSweep>();

    public IWorkloadBackend Backend => _services.GetRequiredService<IWorkloadBackend>();

    /// <summary>The caller owns the data directory.</summary>
    public static OfflineJobs Open(string dataDirectory) => Open(Options(dataDirectory));

    public static OfflineJobs Open(UpOptions options)
    {
        string dataDirectory = options.DataDirectory;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWorkloads(Rooms.Workloads(options, [], ClusterIdentity.LoadOrCreate(dataDirectory), () => ""));
        return new OfflineJobs(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // What flags and the environment said at the start is written down; the files are read as they are.
    private static UpOptions Options(string dataDirectory)
    {
        var record = ServerRecord.Load(dataDirectory);
        SettingValues values = SettingsReader.Read(
            setting => setting == Settings.DataDir ? dataDirectory
                : setting == Settings.Backend && record is { Backend.Length: > 0 } ? record.Backend
                : record?.Settings.GetValueOrDefault(setting.Name),
            Environment.GetEnvironmentVariable);
        return UpOptions.From(values);
    }
}
