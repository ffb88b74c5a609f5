using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MiniPlane.Objects.Documents;

/// <summary>Values by a UTF-8 text. Bounded: when there are too many, all are forgotten and learned anew. Safe for threads.</summary>
internal sealed class Utf8Cache<T>
{
    private readonly int _most;
    private readonly ConcurrentDictionary<byte[], T> _known;
    private readonly ConcurrentDictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    // About as many as are held; asking the dictionary would lock it.
    private int _count;

    public Utf8Cache(int most)
    {
        _most = most;
        _known = new ConcurrentDictionary<byte[], T>(new TextComparer());
        _lookup = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public bool TryGet(ReadOnlySpan<byte> text, [MaybeNullWhen(false)] out T value) => _lookup.TryGetValue(text, out value);

    public void Keep(byte[] text, T value)
    {
        if (Interlocked.Increment(ref _count) > _most)
        {
            _known.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        _known.TryAdd(text, value);
    }

    private sealed class TextComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
