using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Benchmarks.Parts;

/// <summary>
/// The request pipeline alone, in this process: CPU time and allocation of each operation without sockets, TLS and disk. Each part
/// runs a fixed number of times after a warm-up of the same length. The first nine are single steps (<see cref="PartWork"/>).
/// </summary>
internal static class PartsRun
{
    public static async Task RunAsync(TextWriter output, IReadOnlySet<string> only, int rounds)
    {
        await output.WriteLineAsync("| part | CPU µs/op | KB allocated/op | gen0 | gen1 | gen2 |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        await using PipelineHost host = await PipelineHost.StartAsync();
        await using var work = new PartWork();
        const int Pods = 1000;
        for (int i = 1; i <= Pods; i++)
        {
            await host.SendAsync("POST", $"{Api.Namespace}/pods", Bodies.Pod(i), "application/json");
        }

        var parts = new Dictionary<string, Func<int, Task>>(StringComparer.Ordinal)
        {
            ["decode"] = _ => Done(work.Decode()),
            ["encode"] = _ => Done(work.Encode()),
            ["merge"] = _ => Done(work.Patch()),
            ["ownership"] = _ => Done(work.Apply()),
            ["validate"] = _ => Done(work.Validate()),
            ["track"] = _ => Done(work.Track()),
            ["row"] = _ => Done(work.TableRow()),
            ["selector"] = _ => Done(work.Selector()),
            ["append"] = _ => work.StoreAppendAsync(),
            ["configmap"] = number => host.SendAsync("POST", $"{Api.Namespace}/configmaps", Bodies.ConfigMap(number), "application/json"),
            ["pod"] = number => host.SendAsync("POST", $"{Api.Namespace}/pods", Bodies.Pod(Pods + number), "application/json"),
            ["patch"] = number => host.SendAsync(
                "PATCH",
                Api.PodPath((number % Pods) + 1),
                string.Create(CultureInfo.InvariantCulture, $$$$"""{"metadata":{"labels":{"round":"r{{{{number}}}}"}}}"""),
                "application/strategic-merge-patch+json"),
            ["apply"] = number => host.SendAsync(
                "PATCH",
                Api.PodPath((number % Pods) + 1) + "?fieldManager=bench&force=true",
                Bodies.AppliedPod((number % Pods) + 1, number),
                "application/apply-patch+yaml"),
            ["status"] = number => host.SendAsync(
                "PATCH",
                Api.PodPath((number % Pods) + 1) + "/status",
                string.Create(CultureInfo.InvariantCulture, $$$$"""{"status":{"phase":"Running","message":"round {{{{number}}}}"}}"""),
                "application/merge-patch+json"),
            ["get"] = number => host.SendAsync("GET", Api.PodPath((number % Pods) + 1), null, ""),
            ["delete"] = number => host.SendAsync("DELETE", Api.PodPath(Pods + number) + "?gracePeriodSeconds=0", null, ""),
        };
        foreach ((string name, Func<int, Task> part) in parts)
        {
            if (only.Count == 0 || only.Contains(name))
            {
                await MeasureAsync(output, name, part, rounds);
            }
        }
    }

    private static async Task MeasureAsync(TextWriter output, string name, Func<int, Task> part, int rounds)
    {
        await RepeatAsync(part, 1, rounds);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        int[] collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = process.TotalProcessorTime;
        await RepeatAsync(part, rounds + 1, rounds);
        process.Refresh();
        double micros = (process.TotalProcessorTime - cpu).TotalMicroseconds / rounds;
        double kilobytes = (GC.GetTotalAllocatedBytes() - allocated) / 1024.0 / rounds;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {micros:F0} | {kilobytes:F1} | {GC.CollectionCount(0) - collections[0]} | {GC.CollectionCount(1) - collections[1]} | {GC.CollectionCount(2) - collections[2]} |"));
    }

    private static Task Done(object result) => result is null ? throw new InvalidOperationException("nothing was made") : Task.CompletedTask;

    private static async Task RepeatAsync(Func<int, Task> part, int first, int count)
    {
        for (int number = first; number < first + count; number++)
        {
            await part(number);
        }
    }
}
