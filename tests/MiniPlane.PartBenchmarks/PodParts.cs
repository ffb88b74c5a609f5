using BenchmarkDotNet.Attributes;
using MiniPlane.Benchmarks.Parts;

namespace MiniPlane.PartBenchmarks;

/// <summary>The steps of <see cref="PartWork"/>; public and unsealed, as BenchmarkDotNet wants it.</summary>
public class PodParts
{
    private PartWork? _work;

    private PartWork Work => _work ?? throw new InvalidOperationException("Not set up.");

    [GlobalSetup]
    public void Setup() => _work = new PartWork();

    [GlobalCleanup]
    public Task CleanupAsync() => Work.DisposeAsync().AsTask();

    [Benchmark]
    public object Decode() => Work.Decode();

    [Benchmark]
    public object Encode() => Work.Encode();

    [Benchmark]
    public object Patch() => Work.Patch();

    [Benchmark]
    public object Apply() => Work.Apply();

    [Benchmark]
    public int TableRow() => Work.TableRow();

    [Benchmark]
    public bool Selector() => Work.Selector();

    [Benchmark]
    public Task StoreAppendAsync() => Work.StoreAppendAsync();
}
