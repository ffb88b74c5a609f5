namespace MiniPlane.Agent.Images;

/// <summary>The wish for one image.</summary>
internal sealed record ImagePull
{
    public required ImageReference Reference { get; init; }

    /// <summary>The accounts that the pod has for a place, the best one first.</summary>
    public Func<ImageLocation, IReadOnlyList<RegistryAccount>> Accounts { get; init; } = static _ => [];

    /// <summary>Is told what is waited for, again and again.</summary>
    public Action<string> Waiting { get; init; } = static _ => { };
}
