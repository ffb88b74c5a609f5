using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>A new pseudo-terminal (pty(7)).</summary>
internal sealed partial class Terminal : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100 | 0x80000;
    private const nuint SetWindowSize = 0x5414;
    private const int PathLength = 128;

    private Terminal(int descriptor, string path)
    {
        Descriptor = descriptor;
        Path = path;
    }

    public int Descriptor { get; }

    /// <summary>The side for the program, /dev/pts/N.</summary>
    public string Path { get; }

    public static Terminal Open()
    {
        int descriptor = OpenNative(ReadWriteNoControl);
        if (descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        byte[] name = new byte[PathLength];
        if (GrantNative(descriptor) != 0 || UnlockNative(descriptor) != 0 || NameNative(descriptor, name, PathLength) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            _ = CloseNative(descriptor);
            throw new Win32Exception(error);
        }

        return new Terminal(descriptor, System.Text.Encoding.ASCII.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0))));
    }

    public void Resize(int columns, int rows)
    {
        ushort[] size = [(ushort)rows, (ushort)columns, 0, 0];
        _ = ControlNative(Descriptor, SetWindowSize, size);
    }

    public void Dispose() => _ = CloseNative(Descriptor);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenNative(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int GrantNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int UnlockNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NameNative(int descriptor, [Out] byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlNative(int descriptor, nuint request, [In] ushort[] size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);
}
