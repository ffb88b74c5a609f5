using MiniPlane.Agent.Images;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>
/// Images as volumes (KEP 4639). Apptainer can mount a bare file system image but not one inside a SIF, so that is copied out once,
/// beside the SIF in the shared cache.
/// </summary>
internal sealed class ImageVolumes(IImageStore images, PodContext context)
{
    /// <summary>The file system image; <see cref="VolumeException"/> with the registry's words when it cannot be had (yet).</summary>
    public async ValueTask<string> GetAsync(string volume, ImageVolumeView image, CancellationToken cancellationToken)
    {
        try
        {
            PulledImage pulled = await PullAsync(image, cancellationToken);
            string path = Path.ChangeExtension(pulled.Path, ".squashfs");
            if (!File.Exists(path))
            {
                SifFile.CopyFileSystem(pulled.Path, path);
            }

            return path;
        }
        catch (Exception exception) when (exception is ImagePullException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume}\" : failed to pull image \"{image.Reference}\": {exception.Message}");
        }
    }

    private async ValueTask<PulledImage> PullAsync(ImageVolumeView image, CancellationToken cancellationToken)
    {
        ImageReference reference = ImageReference.TryParse(image.Reference)
            ?? throw new ImagePullException("InvalidImageName", $"couldn't parse image name \"{image.Reference}\"");
        string policy = image.PullPolicy.Length > 0 ? image.PullPolicy : reference.Tag == "latest" ? "Always" : "IfNotPresent";
        if (policy != "Always" && images.FindLocal(reference) is { } local)
        {
            return local;
        }

        if (policy == "Never")
        {
            throw new ImagePullException("ErrImageNeverPull", "it is not present with pull policy of Never");
        }

        ImagePull pull = new()
        {
            Reference = reference,
            Accounts = location => RegistryAccounts.Find(context, location.Registry, location.Repository),
        };
        return (await images.PullAsync(pull, cancellationToken)).Image;
    }
}
