using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Hosting;
using MiniPlane.Operations;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Doctor;

/// <summary>All checks of a site, in the order in which a start would fail.</summary>
internal sealed class Examination(UpOptions options, ISiteCommands commands, TimeProvider time)
{
    // How long a probe may wait in the queue before it says that the queue is long, and how long it may run.
    private const int QueueSeconds = 30;
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(75);

    public static ServiceProvider Services(UpOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWorkloads(new WorkloadsOptions { DataDirectory = options.DataDirectory, ClusterId = "doctor", Backend = options.Backend, Site = options.Site() });
        return services.BuildServiceProvider();
    }

    /// <param name="submits">Whether to run a short job on a compute node.</param>
    /// <param name="partition">The partition of that job, or null for the default one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool submits, string? partition, CancellationToken cancellationToken)
    {
        List<Finding> findings = [.. HostChecks.Run(options), await QuotaCheck.RunAsync(commands, cancellationToken)];
        (Finding port, Socket? listening) = HostChecks.Port(options);
        using Socket? socket = listening;
        findings.Add(port);
        if (options.Backend is "local" or "sim")
        {
            return findings;
        }

        SiteSettings site = options.Site();
        var slurm = new SlurmChecks(commands, $"{(site.Account.Length > 0 ? $"--account={site.Account}" : "")} {site.SbatchFlags}");
        findings.AddRange(await slurm.RunAsync(cancellationToken));
        if (slurm.Partitions.Count > 0 && submits)
        {
            findings.AddRange(await ProbeAsync(site, partition ?? slurm.Partitions[0], PortOf(socket), cancellationToken));
        }

        return findings;
    }

    private int PortOf(Socket? listening) => listening is not null
        ? PortChooser.PortOf(listening)
        : ServerRecord.Load(options.DataDirectory)?.Urls.Select(url => new Uri(url).Port).FirstOrDefault() ?? 0;

    private async Task<IReadOnlyList<Finding>> ProbeAsync(SiteSettings site, string partition, int port, CancellationToken cancellationToken)
    {
        string mark = $".doctor-{Guid.NewGuid():N}";
        string path = Path.Combine(options.DataDirectory, mark);
        PrivateFile.Write(path, "");
        try
        {
            IEnumerable<string> endpoints = HostAddresses.Endpoints(options.BindAddress, port).Select(url => new Uri(url)).Where(url => !url.IsLoopback)
                .Select(url => string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}"));
            var probe = new NodeProbe(options.DataDirectory, mark, [.. endpoints], site.Apptainer.Length > 0 ? site.Apptainer : "apptainer");
            string[] flags = $"{(site.Account.Length > 0 ? $"--account={site.Account}" : "")} {site.SbatchFlags}".Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string immediate = string.Create(CultureInfo.InvariantCulture, $"--immediate={QueueSeconds}");
            SiteCommandResult result = await commands.RunAsync(
                "srun",
                [.. flags, $"--partition={partition}", "--ntasks=1", "--time=2", "--job-name=miniplane-doctor", "--chdir=/", immediate, "--quiet", "sh", "-s"],
                probe.Script,
                ProbeLimit,
                cancellationToken);
            return result.Output.Contains("host=", StringComparison.Ordinal)
                ? probe.Read(result.Output, partition, time.GetUtcNow())
                : [Finding.Weak("compute node", $"no job could start in {partition} now: {result.Complaint.ReplaceLineEndings(" ")}", $"try again when the queue is shorter, or another partition: miniplane doctor --partition NAME; by hand: srun -p {partition} hostname")];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
