using MiniPlane.Agent.Images;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Gets a container's image by its imagePullPolicy, and tries again for as long as the pod wants it: 10 s doubling to 5 min, with the
/// reasons and Events of kubelet's image manager.
/// </summary>
/// <param name="services">The pod's parts.</param>
/// <param name="container">Whose image it is.</param>
/// <param name="fieldPath">The container's field, for Events.</param>
/// <param name="failed">Is told of each failure.</param>
internal sealed class ImageWaiter(PodServices services, ContainerView container, string fieldPath, Action? failed = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(20);

    /// <summary>Returns when the image is there.</summary>
    public async ValueTask<PulledImage> GetAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = FirstDelay;
        while (true)
        {
            try
            {
                return await TryGetAsync(cancellationToken);
            }
            catch (ImagePullException exception)
            {
                Wait(exception.Reason, exception.Message);
                failed?.Invoke();
                Event("Warning", "Failed", $"Error: {exception.Reason}");
                await BackOffAsync(exception, delay, cancellationToken);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private async ValueTask<PulledImage> TryGetAsync(CancellationToken cancellationToken)
    {
        string name = container.Image;
        if (ImageReference.TryParse(name) is not { } reference)
        {
            string text = $"Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": invalid reference format";
            Event("Warning", "InspectFailed", text);
            throw new ImagePullException("InvalidImageName", text);
        }

        string policy = container.ImagePullPolicy.Length > 0 ? container.ImagePullPolicy : reference.Tag == "latest" ? "Always" : "IfNotPresent";
        if (policy != "Always" && services.Images.FindLocal(reference) is { } local)
        {
            Event("Normal", "Pulled", $"Container image \"{name}\" already present on machine");
            return local;
        }

        if (policy == "Never")
        {
            string text = $"Container image \"{name}\" is not present with pull policy of Never";
            Event("Warning", "ErrImageNeverPull", text);
            throw new ImagePullException("ErrImageNeverPull", text);
        }

        return await PullAsync(reference, cancellationToken);
    }

    private async ValueTask<PulledImage> PullAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        string name = container.Image;
        string[] missing = [.. services.Context.Pod.Spec.ImagePullSecrets.Select(secret => secret.Name).Where(secret => services.Context.Objects.FindSecret(secret) is null)];
        if (missing.Length > 0)
        {
            services.Reporter.Event(
                "Warning", "FailedToRetrieveImagePullSecret", $"Unable to retrieve some image pull secrets ({string.Join(", ", missing)}); attempting to pull the image may not succeed.", "");
        }

        Event("Normal", "Pulling", $"Pulling image \"{name}\"");
        long started = services.Time.GetTimestamp();
        string waitingFor = "";
        try
        {
            ImagePull pull = new()
            {
                Reference = reference,
                Accounts = location => RegistryAccounts.Find(services.Context, location.Registry, location.Repository),
                Waiting = what => waitingFor = what,
            };
            Task<(PulledImage Image, bool WasPresent)> pulling = services.Images.PullAsync(pull, cancellationToken).AsTask();
            while (await Task.WhenAny(pulling, Task.Delay(ProgressPeriod, services.Time, cancellationToken)) != pulling
                && !cancellationToken.IsCancellationRequested)
            {
                Event("Normal", "Pulling", $"Pulling image \"{name}\", {services.Time.GetElapsedTime(started).TotalSeconds:0} s so far{(waitingFor.Length > 0 ? $": {waitingFor}" : "")}");
                waitingFor = "";
            }

            (PulledImage image, bool _) = await pulling;
            string took = $"{services.Time.GetElapsedTime(started).TotalSeconds:0.###}s";
            Event("Normal", "Pulled", $"Successfully pulled image \"{name}\" in {took} ({took} including waiting). Image size: {new FileInfo(image.Path).Length} bytes.");
            return image;
        }
        catch (Exception exception) when (exception is ImagePullException or IOException or UnauthorizedAccessException)
        {
            Event("Warning", "Failed", $"Failed to pull image \"{name}\": {exception.Message}");
            throw exception as ImagePullException ?? new ImagePullException("ErrImagePull", exception.Message, exception);
        }
    }

    private async ValueTask BackOffAsync(ImagePullException exception, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (exception.Reason != "ErrImagePull")
        {
            await Task.Delay(delay, services.Time, cancellationToken);
            return;
        }

        // ErrImagePull shows until the next sync, which finds the image backing off.
        var sync = TimeSpan.FromSeconds(1);
        await Task.Delay(sync, services.Time, cancellationToken);
        string text = $"Back-off pulling image \"{container.Image}\"";
        Event("Normal", "BackOff", text);
        Wait("ImagePullBackOff", $"{text}: ErrImagePull: {exception.Message}");
        Event("Warning", "Failed", "Error: ImagePullBackOff");
        await Task.Delay(delay - sync, services.Time, cancellationToken);
    }

    private void Wait(string reason, string message) => services.Board.Update(
        container.Name, status => status with { State = new ContainerState.Waiting(reason, message) });

    private void Event(string type, string reason, string message) => services.Reporter.Event(type, reason, message, fieldPath);
}
