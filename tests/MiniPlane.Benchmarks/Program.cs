using MiniPlane.Benchmarks.Agents;
using MiniPlane.Benchmarks.Growth;
using MiniPlane.Benchmarks.Overload;
using MiniPlane.Benchmarks.Parts;
using MiniPlane.Benchmarks.Scale;
using MiniPlane.Benchmarks.Stores;

namespace MiniPlane.Benchmarks;

/// <summary>
/// The load program: starts a server in an empty directory, drives it over HTTP/2 and TLS as clients do, and prints the rows of
/// docs/performance.md. Usage: miniplane-bench SERVER-COMMAND [--rows start,idle,configmap,pod,
/// memory,get,patch,apply,list,table,selector,allocation,gzip,watch,delete,restart] [--clients N] [--pods N] [--seconds N] and what LoadSettings knows.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync("usage: miniplane-bench SERVER-COMMAND [--rows NAME,...] [--clients N] [--pods N] [--seconds N]");
            return 2;
        }

        if (args is ["scale", { } command, ..])
        {
            await new ScaleRun(command, ScaleRun.Sizes(args), Console.Out, TimeProvider.System).RunAsync(CancellationToken.None);
            return 0;
        }

        if (args is ["growth", { } server, ..])
        {
            IReadOnlyList<int> sizes = args.Contains("--sizes", StringComparer.Ordinal) ? ScaleRun.Sizes(args) : [1000, 10_000, 100_000];
            await new GrowthRun(server, sizes, GrowthRun.Svg(args), Console.Out, TimeProvider.System).RunAsync(CancellationToken.None);
            return 0;
        }

        if (args is ["overload", { } loaded, .. { } rest])
        {
            var load = LoadSettings.Parse([loaded, .. rest]);
            await new OverloadRun(loaded, load.Clients, load.Seconds, Console.Out, TimeProvider.System).RunAsync(CancellationToken.None);
            return 0;
        }

        if (args is ["agents", _, ..])
        {
            await AgentRun.Parse(args, Console.Out).RunAsync(CancellationToken.None);
            return 0;
        }

        var settings = LoadSettings.Parse(args);
        if (args[0] == "parts")
        {
            await PartsRun.RunAsync(Console.Out, settings.Rows, settings.Rounds);
            return 0;
        }

        if (args[0] == "store")
        {
            await new StoreRun(Console.Out, settings.Pods, settings.StoreRounds, TimeProvider.System).RunAsync(CancellationToken.None);
            return 0;
        }

        using var cancellation = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        var report = new Report(Console.Out);
        await new LoadRun(settings, report, TimeProvider.System).RunAsync(cancellation.Token);
        return 0;
    }
}
