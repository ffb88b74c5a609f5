using MiniPlane.Agent.Connection;

namespace MiniPlane.Agent.Tests.Connection;

public sealed class JobClaimTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-claim").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_first_job_has_the_pod_also_when_it_starts_again()
    {
        Assert.Null(await TakeAsync("7"));
        Assert.Equal("7", await TakeAsync("8"));
        Assert.Null(await TakeAsync("7"));
        Assert.Equal("7\n", await File.ReadAllTextAsync(Path.Combine(_directory, "job-id")));
    }

    [Fact]
    public async Task Of_many_at_once_one_has_it()
    {
        string?[] others = await Task.WhenAll(Enumerable.Range(1, 20).Select(job => Task.Run(() => TakeAsync($"{job}"))));

        Assert.Single(others, other => other is null);
        Assert.Single(others.Where(other => other is not null).Distinct());
    }

    [Fact]
    public async Task A_claim_that_was_never_written_holds_nobody_off()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "job-id"), "");

        Assert.Null(await TakeAsync("9"));
        Assert.Equal("9", await TakeAsync("10"));
    }

    [Fact]
    public async Task Without_a_job_or_a_directory_there_is_nothing_to_take()
    {
        Assert.Null(await TakeAsync(""));
        Assert.Null(await JobClaim.TakeAsync(Path.Combine(_directory, "no"), "7", TimeProvider.System, default));
        Assert.Empty(Directory.GetFiles(_directory));
    }

    private Task<string?> TakeAsync(string job) => JobClaim.TakeAsync(_directory, job, TimeProvider.System, default);
}
