using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// The smallest program that keeps a container's namespaces open: it opens the container's /dev/pts/ptmx without using it, for
/// <see cref="Terminal"/>, makes the links that its arguments name in pairs (what a link
/// leads to, and where it is), writes one byte, then reads its input until the end, and ends. The agent holds the other end, so the
/// container dies with the agent, whatever kills the agent. It hears no signal but SIGKILL, since Slurm asks every process of a job
/// to end while the agent still stops the pod in order. It is machine code in an ELF file of some 300 bytes because it must run in
/// every image, also in one without a shell or C library.
/// </summary>
internal static class HolderProgram
{
    public const string Name = "miniplane-hold";


    // open("/dev/pts/ptmx", O_PATH); sigprocmask(SIG_BLOCK, all); for (pair of arguments) symlink(target, link); write(1, message, 1);
    // do { n = read(0, sp - 64, 64) } while (n > 0 || n == -EINTR); exit(0)
    private static ReadOnlySpan<byte> X64 =>
    [
        0x48, 0x8d, 0x3d, 0x89, 0x00, 0, 0, 0xbe, 0, 0, 0x20, 0, 0x31, 0xd2, 0xb8, 2, 0, 0, 0, 0x0f, 0x05,
        0x31, 0xff, 0x48, 0x8d, 0x35, 0x6a, 0, 0, 0, 0x31, 0xd2, 0x41, 0xba, 8, 0, 0, 0, 0xb8, 0x0e, 0, 0, 0, 0x0f, 0x05,
        0x48, 0x8d, 0x5c, 0x24, 0x10, 0x48, 0x8b, 0x3b, 0x48, 0x85, 0xff, 0x74, 0x11, 0x48, 0x8b, 0x73, 0x08,
        0xb8, 0x58, 0, 0, 0, 0x0f, 0x05, 0x48, 0x83, 0xc3, 0x10, 0xeb, 0xe7,
        0xbf, 1, 0, 0, 0, 0x48, 0x8d, 0x35, 0x30, 0, 0, 0, 0xba, 1, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0x0f, 0x05,
        0x31, 0xff, 0x48, 0x8d, 0x74, 0x24, 0xc0, 0xba, 0x40, 0, 0, 0, 0x31, 0xc0, 0x0f, 0x05, 0x48, 0x85, 0xc0, 0x7f, 0xed,
        0x48, 0x83, 0xf8, 0xfc, 0x74, 0xe7, 0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05, (byte)'R',
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        (byte)'/', (byte)'d', (byte)'e', (byte)'v', (byte)'/', (byte)'p', (byte)'t', (byte)'s', (byte)'/', (byte)'p', (byte)'t', (byte)'m', (byte)'x', 0,
    ];

    private static ReadOnlySpan<uint> Arm64 =>
    [
        0x92800c60, 0x100004e1, 0xd2a00402, 0xd2800708, 0xd4000001,
        0xd2800000, 0x10000401, 0xd2800002, 0xd2800103, 0xd28010e8, 0xd4000001,
        0x910043f3, 0xf9400260, 0xb40000e0, 0xf9400662, 0x92800c61, 0xd2800488, 0xd4000001, 0x91004273, 0x17fffff9,
        0xd2800020, 0x10000201, 0xd2800022, 0xd2800808, 0xd4000001,
        0xd2800000, 0xd10103e1, 0xd2800802, 0xd28007e8, 0xd4000001, 0xf100001f, 0x54ffff4c, 0xb100101f, 0x54ffff00,
        0xd2800000, 0xd2800ba8, 0xd4000001, (byte)'R', 0xffffffff, 0xffffffff,
        0x7665642f, 0x7374702f, 0x6d74702f, 0x00000078,
    ];

    /// <summary>Writes the program as an executable file.</summary>
    public static void WriteTo(string path) => ElfFile.Write(path, Make(RuntimeInformation.ProcessArchitecture));

    internal static byte[] Make(Architecture architecture) => ElfFile.Make(architecture, X64, MemoryMarshal.AsBytes(Arm64));
}
