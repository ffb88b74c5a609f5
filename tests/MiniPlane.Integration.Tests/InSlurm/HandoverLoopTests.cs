using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.InSlurm;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.InSlurm;

public sealed class HandoverLoopTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-handover").FullName;
    private readonly FakeSlurm _slurm = new();
    private readonly ManualTime _time = new();
    private readonly Lifetime _lifetime = new();
    private readonly TaskCompletionSource _timeIsUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HandoverLoop _loop;

    public HandoverLoopTests()
    {
        new ServerJobRecord { JobId = "17", Script = "#!/bin/sh\n", WorkingDirectory = "/", TimeLimit = "8:00:00" }.Save(_directory);
        _loop = new HandoverLoop(_directory, "17", _timeIsUp.Task, _slurm, _lifetime, NullLogger<HandoverLoop>.Instance, _time);
    }

    private string Successor => ServerJobRecord.Load(_directory)?.SuccessorId ?? "";

    [Fact]
    public async Task After_its_probation_a_successor_waits_and_it_goes_when_the_cluster_is_stopped()
    {
        await _loop.StartAsync(default);
        await UntilAsync(() => Successor == "18");

        await _loop.StopAsync(default);

        Assert.Contains("--dependency=afterany:17", _slurm.Submitted[0].Flags);
        Assert.Equal(["18"], _slurm.Cancelled);
        Assert.Null(ServerJobRecord.Load(_directory));
    }

    [Fact]
    public async Task When_its_time_is_up_the_server_ends_and_its_successor_stays()
    {
        await _loop.StartAsync(default);
        await UntilAsync(() => Successor == "18");

        _timeIsUp.SetResult();
        await _lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        await _loop.StopAsync(default);

        Assert.Empty(_slurm.Cancelled);
        Assert.Equal("18", Successor);
    }

    [Fact]
    public async Task A_warning_during_probation_has_the_successor_submitted_first()
    {
        _timeIsUp.SetResult();

        await _loop.StartAsync(default);
        await _lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);

        Assert.Equal("18", Successor);
        await _loop.StopAsync(default);
    }

    [Fact]
    public async Task While_Slurm_is_away_it_is_tried_again()
    {
        _slurm.Trouble = "Unable to contact slurm controller";
        await _loop.StartAsync(default);
        _time.Advance(TimeSpan.FromMinutes(2));
        _slurm.Trouble = "";

        await UntilAsync(() => Successor == "18");

        await _loop.StopAsync(default);
    }

    public void Dispose()
    {
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // Time goes on as long as the loop waits for it.
    private Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(condition());
        },
        "the successor is written down",
        TimeSpan.FromSeconds(30));

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped.TrySetResult();
    }
}
