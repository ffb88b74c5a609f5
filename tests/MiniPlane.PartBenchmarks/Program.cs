using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MiniPlane.PartBenchmarks;

/// <summary>
/// Runs the parts with BenchmarkDotNet: <c>dotnet run -c Release --project tests/MiniPlane.PartBenchmarks -- --filter '*'</c>. In this
/// process, as a project that it would generate cannot be built under this repository's rules.
/// </summary>
internal static class Program
{
    private static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(
        args,
        DefaultConfig.Instance
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"))
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default));
}
