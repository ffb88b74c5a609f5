using MiniPlane.Agent.Images;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class ImageWaiterTests
{
    private readonly FakeImageStore _store = new();
    private readonly WaitingPod _pod = new();

    [Theory]
    [InlineData("IfNotPresent", "a:1", 0)]
    [InlineData("Never", "a:1", 0)]
    [InlineData("Always", "a:1", 1)]
    [InlineData("", "a:1", 0)]
    [InlineData("", "a", 1)]
    public async Task The_policy_says_whether_a_registry_is_asked_for_an_image_that_is_there(string policy, string image, int pulls)
    {
        _store.Local = true;

        await Get(image, policy);

        Assert.Equal(pulls, _store.Pulls);
        Assert.Contains(pulls == 0 ? $"Container image \"{image}\" already present on machine" : $"Pulling image \"{image}\"", _pod.EventText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_pull_is_ErrImagePull_then_backs_off_from_ten_seconds_to_five_minutes()
    {
        _store.Failure = new ImagePullException("ErrImagePull", "no such thing");
        List<double> at = [];
        _store.Pulled = () => at.Add((_pod.Time.GetUtcNow() - WaitingPod.Start).TotalSeconds);

        Task<PulledImage> getting = Get("a:1", "IfNotPresent");
        Assert.Equal(("ErrImagePull", "no such thing"), _pod.Waiting);
        _pod.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("ImagePullBackOff", "Back-off pulling image \"a:1\": ErrImagePull: no such thing"), _pod.Waiting);
        for (int i = 0; i < 1300; i++)
        {
            _pod.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 10, 30, 70, 150, 310, 610, 910, 1210], at);
        _store.Failure = null;
        _pod.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(getting.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("a:1", "Never", "ErrImageNeverPull", "Container image \"a:1\" is not present with pull policy of Never")]
    [InlineData("A B", "Always", "InvalidImageName", "Failed to apply default image tag \"A B\": couldn't parse image name \"A B\": invalid reference format")]
    public void What_no_pull_can_mend_says_so(string image, string policy, string reason, string message)
    {
        Task<PulledImage> getting = Get(image, policy);

        Assert.False(getting.IsCompleted);
        Assert.Equal((reason, message), _pod.Waiting);
        Assert.Equal(0, _store.Pulls);
    }

    [Fact]
    public async Task A_long_pull_says_now_and_then_how_long_and_what_it_waits_for()
    {
        TaskCompletionSource gate = new();
        _store.Gate = gate.Task;

        Task<PulledImage> getting = Get("a:1", "Always");
        _pod.Time.Advance(TimeSpan.FromSeconds(20));
        _store.Last?.Waiting("waiting for node7, which pulls it");
        _pod.Time.Advance(TimeSpan.FromSeconds(20));
        gate.SetResult();
        await getting;

        Assert.Contains("Pulling: Pulling image \"a:1\", 20 s so far\n", _pod.EventText, StringComparison.Ordinal);
        Assert.Contains("Pulling: Pulling image \"a:1\", 40 s so far: waiting for node7, which pulls it\n", _pod.EventText, StringComparison.Ordinal);
        Assert.Contains("Successfully pulled image \"a:1\" in 40s", _pod.EventText, StringComparison.Ordinal);
    }

    private Task<PulledImage> Get(string image, string policy)
    {
        // Without a context what follows a wait runs inside Advance, and not some time after it.
        SynchronizationContext.SetSynchronizationContext(null);
        ContainerView container = new() { Name = "main", Image = image, ImagePullPolicy = policy };
        return new ImageWaiter(_pod.Services(_store), container, "spec.containers{main}").GetAsync(CancellationToken.None).AsTask();
    }
}
