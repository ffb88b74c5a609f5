using System.Runtime.InteropServices;

namespace MiniPlane.Store.Integrity;

/// <summary>
/// What all documents add up to: their number, and a sum over their checksums that no order matters to. It is written with every
/// batch, in the same transaction, so a page that went missing or came back from the past is found at the next start although
/// each row that is left is sound.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoreDigest(long Count, long Sum)
{
    public StoreDigest With(uint checksum, long revision) => new(Count + 1, unchecked(Sum + Mix(checksum, revision)));

    public StoreDigest Without(uint checksum, long revision) => new(Count - 1, unchecked(Sum - Mix(checksum, revision)));

    /// <summary>Spreads a checksum over 64 bits (the finish of SplitMix64), so that sums of neighbours do not cancel out.</summary>
    private static long Mix(uint checksum, long revision)
    {
        unchecked
        {
            ulong mixed = ((ulong)checksum << 32) ^ ((ulong)revision * 0x9E3779B97F4A7C15);
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (long)(mixed ^ (mixed >> 31));
        }
    }
}
