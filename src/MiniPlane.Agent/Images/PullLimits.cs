namespace MiniPlane.Agent.Images;

/// <summary>The site's bounds of the image cache.</summary>
/// <param name="CacheBytes">What all images may take together; 0 for no limit.</param>
/// <param name="Pulls">How many are pulled at once by all agents together; 0 for no limit.</param>
internal sealed record PullLimits(long CacheBytes, int Pulls)
{
    public static PullLimits None { get; } = new(0, 0);
}
