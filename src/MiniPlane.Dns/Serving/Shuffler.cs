using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MiniPlane.Dns.Messages;

namespace MiniPlane.Dns.Serving;

/// <summary>Puts answers in a random order, so that clients that take the first one spread; aliases stay in front (RFC 1034 3.6.2).</summary>
internal sealed class Shuffler(Random random)
{
    // Guards random, which is not thread-safe.
    private readonly Lock _gate = new();

    public ImmutableArray<DnsRecord> Shuffle(ImmutableArray<DnsRecord> records)
    {
        int aliases = records.TakeWhile(record => record.Type == DnsType.Cname).Count();
        if (records.Length - aliases < 2)
        {
            return records;
        }

        DnsRecord[] shuffled = [.. records];
        lock (_gate)
        {
            random.Shuffle(shuffled.AsSpan(aliases));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(shuffled);
    }
}
