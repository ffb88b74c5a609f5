using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Tests.Slurm;

public sealed class SacctUsageOutputTests
{
    [Fact]
    public void Time_and_cores_are_the_jobs_memory_is_its_biggest_steps()
    {
        const string Output = """
            42|120|4|03:21.500||COMPLETED
            42.batch|120|4|03:20.000|204800K|COMPLETED
            42.0|60|4|00:01.500|1G|COMPLETED
            43|10|1|00:00||RUNNING
            """;

        JobUsage usage = Assert.Single(SacctUsageOutput.Parse(Output));

        Assert.Equal(("42", 4, 480.0), (usage.JobId, usage.Cpus, usage.CoreSeconds));
        Assert.Equal(TimeSpan.FromSeconds(201.5), usage.CpuTime);
        Assert.Equal(1L << 30, usage.MaxMemoryBytes);
    }

    [Fact]
    public void Of_a_requeued_job_the_last_life_counts()
    {
        const string Output = "42|120|4|00:10||NODE_FAIL\n42.batch|120|4|00:10|900K|CANCELLED\n42|7|4|00:01||COMPLETED\n";

        JobUsage usage = Assert.Single(SacctUsageOutput.Parse(Output));

        Assert.Equal((7.0, 0L), (usage.Elapsed.TotalSeconds, usage.MaxMemoryBytes));
    }
}
