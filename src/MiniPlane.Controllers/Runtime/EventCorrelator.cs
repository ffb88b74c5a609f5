using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Decides, with the limits of client-go's correlator, what becomes of a note: a new Event, one more in the count of a known
/// one, part of a combined one (more than 10 similar within 10 minutes), or nothing (a burst of more than 25 about one object,
/// then one in 5 minutes). Remembers at most 4096 identities. Used by one thread.
/// </summary>
internal sealed class EventCorrelator
{
    private const int Remembered = 4096;
    private const int SimilarLimit = 10;
    private const double Burst = 25;
    private static readonly TimeSpan SimilarWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Similar> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>The note to write (perhaps with a combined message) and what is known of its Event; null drops it.</summary>
    public (EventNote Note, Known Event)? Take(EventNote note)
    {
        EventNote combined = Combine(note);
        if (!HasToken(combined))
        {
            return null;
        }

        Trim(_known);
        string identity = combined.Identity;
        if (!_known.TryGetValue(identity, out Known? known))
        {
            _known[identity] = known = new Known { First = combined.Time };
        }

        known.Count++;
        return (combined, known);
    }

    private EventNote Combine(EventNote note)
    {
        Trim(_families);
        if (!_families.TryGetValue(note.Family, out Similar? similar) || note.Time - similar.Last > SimilarWindow)
        {
            _families[note.Family] = similar = new Similar();
        }

        similar.Last = note.Time;
        if (similar.Messages.Count < SimilarLimit)
        {
            similar.Messages.Add(note.Message);
        }

        if (similar.Messages.Contains(note.Message))
        {
            return note;
        }

        return note with { Message = "(combined from similar events): " + note.Message };
    }

    private bool HasToken(EventNote note)
    {
        Trim(_buckets);
        string key = $"{note.Component}\n{note.Kind}\n{note.Regarding.Metadata.Uid}";
        if (!_buckets.TryGetValue(key, out Bucket? bucket))
        {
            _buckets[key] = bucket = new Bucket { Tokens = Burst, Last = note.Time };
        }

        bucket.Tokens = Math.Min(Burst, bucket.Tokens + ((note.Time - bucket.Last) / Refill));
        bucket.Last = note.Time;
        if (bucket.Tokens < 1)
        {
            return false;
        }

        bucket.Tokens--;
        return true;
    }

    private static void Trim<T>(Dictionary<string, T> entries)
    {
        if (entries.Count >= Remembered)
        {
            // Forgetting only costs a second Event where a count would have gone up.
            entries.Clear();
        }
    }

    /// <summary>One Event that was, or is being, written.</summary>
    internal sealed class Known
    {
        public required DateTimeOffset First { get; init; }

        public int Count { get; set; }

        /// <summary>Its key in the cluster; null before it is created.</summary>
        public ObjectKey? Key { get; set; }
    }

    private sealed class Similar
    {
        public HashSet<string> Messages { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset Last { get; set; }
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public DateTimeOffset Last { get; set; }
    }
}
