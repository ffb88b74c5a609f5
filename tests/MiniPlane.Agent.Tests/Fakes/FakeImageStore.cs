using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>An image store that does as it is told.</summary>
internal sealed class FakeImageStore : IImageStore
{
    private static readonly PulledImage Image = new() { Id = "id", Path = typeof(FakeImageStore).Assembly.Location };

    /// <summary>Is told of each pull.</summary>
    public Action Pulled { get; set; } = static () => { };

    public bool Local { get; set; }

    public ImagePullException? Failure { get; set; }

    public Task Gate { get; set; } = Task.CompletedTask;

    public int Pulls { get; private set; }

    public ImagePull? Last { get; private set; }

    public PulledImage? FindLocal(ImageReference reference) => Local ? Image : null;

    public async ValueTask<(PulledImage Image, bool WasPresent)> PullAsync(ImagePull pull, CancellationToken cancellationToken)
    {
        Pulls++;
        Last = pull;
        Pulled();
        await Gate.WaitAsync(cancellationToken);
        return Failure is null ? (Image, Local) : throw Failure;
    }
}
