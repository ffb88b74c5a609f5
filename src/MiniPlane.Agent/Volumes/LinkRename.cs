using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Volumes;

/// <summary>rename(2) as it is: File.Move looks at what a link leads to, and refuses a link to a directory.</summary>
internal static partial class LinkRename
{
    /// <summary>Gives the link the name, in one step, over whatever had it.</summary>
    public static void Replace(string link, string name)
    {
        if (RenameNative(link, name) != 0)
        {
            throw new IOException($"{name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string from, string to);
}
