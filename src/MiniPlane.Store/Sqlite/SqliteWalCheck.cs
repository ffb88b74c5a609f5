using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>
/// Tells a write-ahead log that a crash cut short from one that was damaged later. SQLite stops at the first frame whose checksum
/// is wrong and drops the rest without a word, which is right for the one transaction that was not synced yet, and a silent loss
/// if acknowledged transactions follow. A transaction's frames are only written after the one before it was synced: so if a
/// frame of the same generation follows a commit that lies behind the first bad frame, that commit had been acknowledged.
/// The format is the one of https://www.sqlite.org/fileformat2.html#walformat.
/// </summary>
internal static class SqliteWalCheck
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682;

    /// <summary>Throws <see cref="DamagedDataException"/> if acknowledged writes in the log can no longer be read.</summary>
    public static void Check(string walFile)
    {
        if (!File.Exists(walFile))
        {
            return;
        }

        using FileStream file = File.OpenRead(walFile);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || IsBlank(header))
        {
            return;
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        bool isBigEndian = (magic & 1) != 0;
        (uint, uint) sum = Sum(header[..24], (0, 0), isBigEndian);
        int page = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        if ((magic & ~1u) != Magic || sum != ReadSum(header[24..]) || page is < 512 or > 65536)
        {
            throw new DamagedDataException("the header of its write-ahead log is damaged.");
        }

        CheckFrames(file, new byte[FrameHeaderBytes + page], header[16..24], sum, isBigEndian);
    }

    private static void CheckFrames(
        FileStream file, Span<byte> frame, ReadOnlySpan<byte> salt, (uint First, uint Second) sum, bool isBigEndian)
    {
        long firstBad = -1;
        bool isBehindCommit = false;
        for (long number = 0; file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; number++)
        {
            bool isOfThisGeneration = frame.Slice(8, 8).SequenceEqual(salt);
            if (firstBad < 0)
            {
                sum = Sum(frame[FrameHeaderBytes..], Sum(frame[..8], sum, isBigEndian), isBigEndian);
                if (isOfThisGeneration && sum == ReadSum(frame[16..]))
                {
                    continue;
                }

                firstBad = number;
            }
            else if (isOfThisGeneration && isBehindCommit)
            {
                throw new DamagedDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"its write-ahead log is damaged at frame {firstBad}, and writes that were acknowledged after it cannot be read."));
            }

            // A commit is the last frame of its transaction, also when its page is what was damaged.
            isBehindCommit |= isOfThisGeneration && BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) != 0;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    private static (uint First, uint Second) ReadSum(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    private static (uint First, uint Second) Sum(ReadOnlySpan<byte> bytes, (uint First, uint Second) start, bool isBigEndian)
    {
        (uint first, uint second) = start;
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
        bool isSwapped = isBigEndian == BitConverter.IsLittleEndian;
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            unchecked
            {
                first += (isSwapped ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]) + second;
                second += (isSwapped ? BinaryPrimitives.ReverseEndianness(words[i + 1]) : words[i + 1]) + first;
            }
        }

        return (first, second);
    }
}
