namespace MiniPlane.Benchmarks;

/// <summary>The result of one closed loop: each operation's duration in milliseconds, and what it cost the server.</summary>
internal sealed record Measurement(string Name, double[] Sorted, TimeSpan Elapsed, TimeSpan Cpu, long Bytes)
{
    public double Rate => Sorted.Length / Elapsed.TotalSeconds;

    public double CpuMilliseconds => Cpu.TotalMilliseconds / Math.Max(1, Sorted.Length);

    public double BytesPerOperation => (double)Bytes / Math.Max(1, Sorted.Length);

    public double Percentile(int percent) => Sorted.Length == 0 ? 0 : Sorted[Math.Min(Sorted.Length - 1, Sorted.Length * percent / 100)];
}
