using System.Globalization;

namespace MiniPlane.Benchmarks.Scale;

/// <summary>
/// Deployments of ten pods, all made available and then all deleted, for several numbers of pods, each on a server of its own with the
/// <c>sim</c> backend. Time says whether it is quick; CPU per pod, whether it stays so as the cluster grows.
/// Usage: <c>miniplane-bench scale SERVER-COMMAND [--sizes 1000,5000,10000,20000]</c>.
/// </summary>
internal sealed class ScaleRun(string command, IReadOnlyList<int> sizes, TextWriter output, TimeProvider time)
{
    private const int PodsEach = 10;
    private const int Clients = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Reads the sizes from what follows the command.</summary>
    public static IReadOnlyList<int> Sizes(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--sizes");
        string text = at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : "1000,5000,10000,20000";
        return [.. text.Split(',').Select(size => int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))];
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync("| pods | all available | CPU ms/pod | MiB | all deleted | CPU ms/pod |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        foreach (int size in sizes)
        {
            await MeasureAsync(size, cancellationToken);
        }
    }

    private async Task MeasureAsync(int size, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-scale-").FullName;
        try
        {
            string nodes = (1 + (size / 50)).ToString(CultureInfo.InvariantCulture);
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(
                command, directory, time, cancellationToken, "--sim-nodes", nodes);
            using HttpClient client = server.NewClient();
            var fleet = new Fleet(client, time, Patience);
            (TimeSpan up, double upCpu) = await StageAsync(server, token => fleet.RaiseAsync(size / PodsEach, PodsEach, Clients, token), cancellationToken);
            double memory = server.ResidentMebibytes;
            (TimeSpan down, double downCpu) = await StageAsync(server, fleet.RemoveAsync, cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {up.TotalSeconds:F1} s | {upCpu / size:F2} | {memory:F0} | {down.TotalSeconds:F1} s | {downCpu / size:F2} |"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<(TimeSpan Elapsed, double CpuMilliseconds)> StageAsync(
        ServerUnderTest server, Func<CancellationToken, Task> stage, CancellationToken cancellationToken)
    {
        TimeSpan before = server.Cpu;
        long start = time.GetTimestamp();
        await stage(cancellationToken);
        return (time.GetElapsedTime(start), (server.Cpu - before).TotalMilliseconds);
    }
}
