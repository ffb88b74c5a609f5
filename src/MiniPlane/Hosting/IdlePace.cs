namespace MiniPlane.Hosting;

/// <summary>Decides, from the bytes allocated so far, when <see cref="IdleMemory"/> collects; pure. A start is a burst.</summary>
internal sealed class IdlePace(long allocated)
{
    private long _last = allocated;
    private bool _isOwed = true;

    /// <summary>To be asked once per period: whether it was a quiet one, and the first since a burst.</summary>
    public bool IsTimeToCollect(long allocated)
    {
        long used = allocated - _last;
        _last = allocated;
        _isOwed |= used >= IdleMemory.BurstBytes;
        if (!_isOwed || used >= IdleMemory.RestBytes)
        {
            return false;
        }

        _isOwed = false;
        return true;
    }
}
