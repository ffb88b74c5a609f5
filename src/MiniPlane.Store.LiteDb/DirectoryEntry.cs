using System.Runtime.InteropServices;

namespace MiniPlane.Store.LiteDb;

/// <summary>Makes names durable: a file that was made or renamed is there after a power cut only if its directory was synced.</summary>
internal static partial class DirectoryEntry
{
    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC

    /// <summary>Syncs the directory of a file.</summary>
    public static void Sync(string file)
    {
        int directory = Open(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/", ReadOnlyDirectory);
        if (directory < 0)
        {
            throw new IOException($"The directory of {file} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            // Some network file systems cannot; they write names at once.
            _ = FileSync(directory);
        }
        finally
        {
            _ = Close(directory);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FileSync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
