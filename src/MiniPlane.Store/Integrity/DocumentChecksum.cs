using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Integrity;

/// <summary>
/// CRC-32C (Castagnoli) of a document with the place and revision it belongs to, so that bytes which changed on the disk, or which
/// a damaged index put under another name, are found when they are read.
/// </summary>
internal static class DocumentChecksum
{
    public static uint Of(in StoreKey key, long revision, ReadOnlySpan<byte> value)
    {
        uint sum = Add(uint.MaxValue, key.Collection);
        sum = Add(sum, key.Object.Namespace);
        sum = Add(sum, key.Object.Name);
        return ~Add(BitOperations.Crc32C(sum, (ulong)revision), value);
    }

    public static uint Of(ReadOnlySpan<byte> value) => ~Add(uint.MaxValue, value);

    /// <summary>Goes on with more bytes: a way to put several contents under one sum.</summary>
    public static uint And(uint sum, ReadOnlySpan<byte> value) => ~Add(~sum, value);

    private static uint Add(uint sum, string text)
    {
        sum = BitOperations.Crc32C(sum, (uint)text.Length);
        foreach (char unit in text)
        {
            sum = BitOperations.Crc32C(sum, (ushort)unit);
        }

        return sum;
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(value);
        foreach (ulong word in words)
        {
            sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte one in value[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }
}
