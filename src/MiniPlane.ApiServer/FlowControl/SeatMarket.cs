namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// Moves seats between priority levels: a level that is full borrows what others have idle and may lend, and a level that needs its
/// own takes them back at once, while what runs on them goes on. The limits always add up to the same number.
/// </summary>
internal sealed class SeatMarket
{
    // Guards moving seats. Taken before a level's own lock, never within one.
    private readonly Lock _gate = new();
    private readonly PriorityLevel[] _levels;

    public SeatMarket(IEnumerable<PriorityLevel> levels)
    {
        _levels = [.. levels.Where(level => !level.IsExempt)];
        foreach (PriorityLevel level in _levels)
        {
            level.Join(this);
        }
    }

    /// <summary>Finds seats for a level that has too few; true when its limit was raised and its waiting requests looked at.</summary>
    public bool Raise(PriorityLevel level, int seats)
    {
        lock (_gate)
        {
            int wanted = level.Room(seats);
            int found = 0;
            foreach (PriorityLevel other in _levels)
            {
                if (found >= wanted)
                {
                    break;
                }

                if (other != level)
                {
                    // Below its own number it takes back what others borrowed; above, it takes what lies idle.
                    found += level.IsShort ? other.GiveBack(Math.Min(wanted - found, level.Shortage - found)) : other.Lend(wanted - found);
                }
            }

            if (found == 0)
            {
                return false;
            }

            level.Raise(found);
            return true;
        }
    }
}
