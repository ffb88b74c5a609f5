using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>A new pseudo-terminal (pty(7), devpts in the kernel's documentation).</summary>
internal sealed partial class Terminal : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100 | 0x80000;
    private const nuint SetWindowSize = 0x5414;
    private const nuint SetLock = 0x40045431;
    private const nuint GetPeer = 0x5441;
    private const int PathLength = 128;

    private int _program;

    private Terminal(int descriptor, string path, int program = -1)
    {
        Descriptor = descriptor;
        Path = path;
        _program = program;
    }

    public int Descriptor { get; }

    /// <summary>The side for the program, as this process sees it.</summary>
    public string Path { get; }

    /// <summary>
    /// One of the container's own /dev/pts, so that programs in it find its name (ttyname(3)); one of the node's where that cannot be
    /// had. The holder has opened the way there: by its path nobody outside the container's user namespace comes through the FUSE
    /// root that it lies below.
    /// </summary>
    /// <param name="holder">The container's <see cref="HolderProgram"/>.</param>
    public static Terminal Open(int holder)
    {
        int master = FindPtmx(holder) is { } ptmx ? OpenNative(ptmx, ReadWriteNoControl) : -1;
        int program = master >= 0 && ControlNative(master, SetLock, new int[1]) == 0 ? ControlNative(master, GetPeer, ReadWriteNoControl) : -1;
        if (program >= 0)
        {
            return new Terminal(master, string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{program}"), program);
        }

        if (master >= 0)
        {
            _ = CloseNative(master);
        }

        return Open();
    }

    /// <summary>To be called once the program has opened its side: an end is seen when nobody has it open.</summary>
    public void Release()
    {
        if (_program >= 0)
        {
            _ = CloseNative(_program);
            _program = -1;
        }
    }

    private static string? FindPtmx(int holder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{holder}/fd"))
                .FirstOrDefault(entry => new FileInfo(entry).LinkTarget?.EndsWith("/ptmx", StringComparison.Ordinal) == true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Terminal Open()
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

    public void Dispose()
    {
        Release();
        _ = CloseNative(Descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

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

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlNative(int descriptor, nuint request, [In] int[] value);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlNative(int descriptor, nuint request, nint value);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);
}
