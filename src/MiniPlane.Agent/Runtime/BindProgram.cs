using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Binds its first argument to its second and ends with the error number, 0 for none. Apptainer binds nothing below /dev, where a
/// pod's shared memory belongs; this does it from inside, as the root of the container's user namespace, also in an image without a
/// mount command.
/// </summary>
internal static class BindProgram
{
    public const string Name = "miniplane-bind";

    // exit(-mount(argv[1], argv[2], 0, MS_BIND, 0))
    private static ReadOnlySpan<byte> X64 =>
    [
        0x48, 0x8b, 0x7c, 0x24, 0x10, 0x48, 0x8b, 0x74, 0x24, 0x18, 0x31, 0xd2, 0x41, 0xba, 0, 0x10, 0, 0, 0x45, 0x31, 0xc0,
        0xb8, 0xa5, 0, 0, 0, 0x0f, 0x05, 0xf7, 0xd8, 0x89, 0xc7, 0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05,
    ];

    private static ReadOnlySpan<uint> Arm64 =>
    [
        0xf9400be0, 0xf9400fe1, 0xd2800002, 0xd2820003, 0xd2800004, 0xd2800508, 0xd4000001, 0xcb0003e0, 0xd2800ba8, 0xd4000001,
    ];

    /// <summary>Writes the program as an executable file.</summary>
    public static void WriteTo(string path) => ElfFile.Write(path, Make(RuntimeInformation.ProcessArchitecture));

    internal static byte[] Make(Architecture architecture) => ElfFile.Make(architecture, X64, MemoryMarshal.AsBytes(Arm64));
}
