using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Documents;
using MiniPlane.Store;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Benchmarks.Stores;

/// <summary>
/// The durable stores alone, side by side: 64 writers that wait for their answers create, then update documents of 1.2 KB; then the size of
/// the files when the store has come to rest, and a start with that many documents. Each round does all kinds, so that they meet the same
/// machine. Usage: <c>miniplane-bench store [--pods DOCUMENTS] [--store-rounds N]</c>.
/// </summary>
internal sealed class StoreRun(TextWriter output, int documents, int rounds, TimeProvider time)
{
    private const int Writers = 64;

    private static readonly (string Name, Func<StoreOptions, ILoggerFactory, IRevisionStore> Open)[] Kinds =
    [
        ("SQLite", SqliteRevisionStore.Open),
#if LITEDB
        ("LiteDB", MiniPlane.Store.LiteDb.LiteDbRevisionStore.Open),
#endif
    ];

    private readonly string _text = new('v', 1100);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(
            "| store | creates/s | CPU µs/op | p99 ms | updates/s | CPU µs/op | p99 ms | files MiB | documents MiB | start s | CPU s |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|---|---|");
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, Func<StoreOptions, ILoggerFactory, IRevisionStore> open) in Kinds)
            {
                await MeasureAsync(name, open, cancellationToken);
            }
        }
    }

    private async Task MeasureAsync(
        string name, Func<StoreOptions, ILoggerFactory, IRevisionStore> open, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-store-").FullName;
        try
        {
            var options = new StoreOptions { Path = Path.Combine(directory, "store.db") };
            long live;
            string row;
            await using (IRevisionStore store = open(options, NullLoggerFactory.Instance))
            {
                string creates = await WriteAllAsync(store, cancellationToken);
                string updates = await WriteAllAsync(store, cancellationToken);
                live = store.Read("configmaps").Range(null, null).Sum(document => (long)document.Utf8.Length);
                await Task.Delay(options.RestAfter * 5, time, cancellationToken);
                row = $"| {name} | {creates} | {updates} | {Mebibytes(SizeOf(directory))} | {Mebibytes(live)}";
            }

            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await using IRevisionStore again = open(options, NullLoggerFactory.Instance);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{row} | {clock.Elapsed.TotalSeconds:F2} | {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} |"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<string> WriteAllAsync(IRevisionStore store, CancellationToken cancellationToken)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        double[][] all = await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(store, writer, cancellationToken), cancellationToken)));
        double[] sorted = [.. all.SelectMany(one => one).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{documents / clock.Elapsed.TotalSeconds:F0} | {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / documents:F0} | {sorted[sorted.Length * 99 / 100]:F1}");
    }

    private async Task<double[]> WriteAsync(IRevisionStore store, int writer, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        for (int number = writer; number < documents; number += Writers)
        {
            var key = new StoreKey("configmaps", new ObjectKey("default", string.Create(CultureInfo.InvariantCulture, $"config-{number}")));
            long started = Stopwatch.GetTimestamp();
            var draft = DraftDocument.From(new JsonObject
            {
                ["kind"] = "ConfigMap",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = key.Object.Name, ["namespace"] = "default" },
                ["data"] = new JsonObject { ["settings"] = _text },
            });
            if (await store.WriteAsync(new StoreWrite(key, store.Find(key)?.Revision ?? 0, draft, IsDelete: false), cancellationToken) is not WriteOutcome.Written)
            {
                throw new InvalidOperationException($"{key.Object.Name} was not written");
            }

            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return [.. latencies];
    }

    private static long SizeOf(string directory) => Directory.GetFiles(directory).Sum(file => new FileInfo(file).Length);

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("F1", CultureInfo.InvariantCulture);
}
