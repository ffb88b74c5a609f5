using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Hosting;
using MiniPlane.Operations;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Doctor;

/// <summary>All checks of a site, in the order in which a start would fail.</summary>
internal sealed class Examination(UpOptions options, ISiteCommands commands, Func<IWorkloadBackend> backend, TimeProvider time)
{
    // How long a probe may wait in the queue before it says that the queue is long, and how long it may run.
    private const int QueueSeconds = 30;
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(75);

    public static ServiceProvider Services(UpOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWorkloads(new WorkloadsOptions
        {
            DataDirectory = options.DataDirectory,
            ClusterId = "doctor",
            Backend = options.Backend,
            Slurmrestd = options.Slurmrestd,
            SlurmrestdTokenFile = options.SlurmrestdTokenFile ?? "",
            Site = options.Site(),
        });
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
        if (LimitText.Of(site.Limits) is { Length: > 0 } limits)
        {
            findings.Add(Finding.Fine("limits of the site", limits));
        }

        if (!commands.HasSlurm)
        {
            return [.. findings, .. await ByRestAsync(site, submits, partition, PortOf(socket), cancellationToken)];
        }

        var slurm = new SlurmChecks(commands, $"{(site.Account.Length > 0 ? $"--account={site.Account}" : "")} {site.SbatchFlags}");
        findings.AddRange(await slurm.RunAsync(cancellationToken));
        if (slurm.Partitions.Count > 0 && submits)
        {
            string where = partition ?? slurm.Partitions[0];
            findings.AddRange(await ProbeAsync(site, where, PortOf(socket), (probe, flags) => BySrunAsync(probe, flags, where, cancellationToken), cancellationToken));
        }

        return findings;
    }

    private int PortOf(Socket? listening) => listening is not null
        ? PortChooser.PortOf(listening)
        : ServerRecord.Load(options.DataDirectory)?.Urls.Select(url => new Uri(url).Port).FirstOrDefault() ?? 0;

    private async Task<IReadOnlyList<Finding>> ByRestAsync(
        SiteSettings site, bool submits, string? partition, int port, CancellationToken cancellationToken)
    {
        var rest = new RestChecks(commands.Way, backend(), time);
        IReadOnlyList<Finding> findings = await rest.RunAsync(cancellationToken);
        if (rest.Partitions.Count == 0 || !submits)
        {
            return findings;
        }

        string where = partition ?? rest.Partitions[0];
        return [.. findings, .. await ProbeAsync(site, where, port, RunAsync, cancellationToken)];

        async Task<(string Output, string Trouble)> RunAsync(NodeProbe probe, string[] flags) =>
            await rest.RunJobAsync(probe.Script, [.. flags, $"--partition={where}"], options.DataDirectory, ProbeLimit, cancellationToken);
    }

    private async Task<(string Output, string Trouble)> BySrunAsync(NodeProbe probe, string[] flags, string partition, CancellationToken cancellationToken)
    {
        string immediate = string.Create(CultureInfo.InvariantCulture, $"--immediate={QueueSeconds}");
        SiteCommandResult result = await commands.RunAsync(
            "srun",
            [.. flags, $"--partition={partition}", "--ntasks=1", "--time=2", "--job-name=miniplane-doctor", "--chdir=/", immediate, "--quiet", "sh", "-s"],
            probe.Script,
            ProbeLimit,
            cancellationToken);
        return (result.Output, result.Complaint);
    }

    private async Task<IReadOnlyList<Finding>> ProbeAsync(
        SiteSettings site, string partition, int port, Func<NodeProbe, string[], Task<(string Output, string Trouble)>> run, CancellationToken cancellationToken)
    {
        string mark = $".doctor-{Guid.NewGuid():N}";
        string path = Path.Combine(options.DataDirectory, mark);
        PrivateFile.Write(path, "");
        try
        {
            IEnumerable<string> endpoints = HostAddresses.Endpoints(options.BindAddress, port).Select(url => new Uri(url)).Where(url => !url.IsLoopback)
                .Select(url => string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}"));
            var probe = new NodeProbe(options.DataDirectory, mark, [.. endpoints], site.Apptainer.Length > 0 ? site.Apptainer : "apptainer")
            {
                Networks = [.. site.Networks.Where(name => name != PodNetworks.Host)],
                NetworkArguments = site.NetworkArguments,
            };
            string[] flags = $"{(site.Account.Length > 0 ? $"--account={site.Account}" : "")} {site.SbatchFlags}".Split(' ', StringSplitOptions.RemoveEmptyEntries);
            (string output, string trouble) = await run(probe, flags);
            cancellationToken.ThrowIfCancellationRequested();
            return output.Contains("host=", StringComparison.Ordinal)
                ? probe.Read(output, partition, time.GetUtcNow())
                : [Finding.Weak("compute node", $"no job could start in {partition} now: {trouble.ReplaceLineEndings(" ")}", $"try again when the queue is shorter, or another partition: miniplane doctor --partition NAME; by hand: srun -p {partition} hostname")];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
