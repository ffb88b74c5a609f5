namespace MiniPlane.Agent.Images;

/// <summary>Where images are made ready to run.</summary>
internal interface IImageStore
{
    /// <summary>The image if it is there already, without asking a registry.</summary>
    PulledImage? FindLocal(ImageReference reference);

    /// <summary>Asks the registry what the reference means now; the image is fetched if that is not there yet.</summary>
    ValueTask<(PulledImage Image, bool WasPresent)> PullAsync(ImagePull pull, CancellationToken cancellationToken);
}
