namespace MiniPlane.Hosting;

/// <summary>Decides, from the bytes allocated so far, when <see cref="IdleMemory"/> collects; pure.</summary>
internal sealed class IdlePace(long allocated)
{
    private long _last = allocated;
    private long _collected = allocated;

    /// <summary>To be asked once per period: whether the period was quiet, and enough was allocated before it.</summary>
    public bool IsTimeToCollect(long allocated)
    {
        bool isAtRest = allocated - _last < IdleMemory.RestBytes;
        _last = allocated;
        if (!isAtRest || allocated - _collected < IdleMemory.WorthBytes)
        {
            return false;
        }

        _collected = allocated;
        return true;
    }
}
