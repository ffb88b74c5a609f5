using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Volumes;

/// <summary>What a path is, as the kernel says (statx(2), stx_mode): .NET tells files, directories and links apart only.</summary>
internal static partial class FileKind
{
    public const int None = 0;
    public const int CharacterDevice = 0x2000;
    public const int BlockDevice = 0x6000;
    public const int Socket = 0xc000;

    private const int CurrentDirectory = -100;
    private const uint WantsType = 1;
    private const int BufferLength = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xf000;

    /// <summary>The kind of what the path leads to, or <see cref="None"/> when it leads nowhere.</summary>
    public static int Of(string path)
    {
        byte[] answer = new byte[BufferLength];
        return StatNative(CurrentDirectory, path, 0, WantsType, answer) == 0 ? BitConverter.ToUInt16(answer, ModeOffset) & TypeBits : None;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatNative(int directory, string path, int flags, uint mask, [Out] byte[] answer);
}
