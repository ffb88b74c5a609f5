using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>Makes the smallest executable of Linux: machine code in one segment, for programs that must run in every image (elf(5)).</summary>
internal static class ElfFile
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const ulong LoadAddress = 0x400000;

    public static void Write(string path, byte[] program)
    {
        using FileStream file = new(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
        });
        file.Write(program);
    }

    public static byte[] Make(Architecture architecture, ReadOnlySpan<byte> x64, ReadOnlySpan<byte> arm64)
    {
        (ushort machine, byte[] code) = architecture switch
        {
            Architecture.X64 => ((ushort)62, x64.ToArray()),
            Architecture.Arm64 => ((ushort)183, arm64.ToArray()),
            _ => throw new PlatformNotSupportedException($"no container can be held on {architecture}"),
        };
        ulong length = (ulong)(HeaderLength + SegmentLength + code.Length);
        byte[] file = new byte[length];
        Span<byte> header = file;
        "\x7f"u8.CopyTo(header);
        "ELF\x02\x01\x01"u8.CopyTo(header[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + HeaderLength + SegmentLength);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);

        // One segment: the whole file, readable and executable.
        Span<byte> segment = header[HeaderLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
        code.CopyTo(header[(HeaderLength + SegmentLength)..]);
        return file;
    }
}
