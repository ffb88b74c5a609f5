using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Integration.Tests.CommandLine;

/// <summary>The workloads' preview of jobs without a cluster around it.</summary>
internal sealed class PreviewOnly : IDisposable
{
    private readonly ServiceProvider _services;

    private PreviewOnly(ServiceProvider services) => _services = services;

    public IJobPreview Preview => _services.GetRequiredService<IJobPreview>();

    public static PreviewOnly Create()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWorkloads(new WorkloadsOptions { DataDirectory = "/nowhere", ClusterId = "preview", Backend = "sim" });
        return new PreviewOnly(services.BuildServiceProvider());
    }

    public void Dispose() => _services.Dispose();
}
