namespace MiniPlane.Wire.Agent;

/// <summary>Counts what a reader has taken, and says when it is enough to be worth a message to the sender. One reader.</summary>
public sealed class StreamReceipt(uint window)
{
    private long _taken;

    /// <summary>A message was read; answers what is to be given back now, or 0.</summary>
    public uint Take(int bytes)
    {
        _taken += StreamCredit.CostOf(bytes);

        // Less than the window, so that a sender without credit always gets some once everything was read.
        if (_taken < window / 4)
        {
            return 0;
        }

        uint due = (uint)_taken;
        _taken = 0;
        return due;
    }
}
