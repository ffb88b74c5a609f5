using System.Text;

namespace MiniPlane.Operations;

/// <summary>Files that only their owner may read (0600), replaced in one step.</summary>
internal static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string text)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = Mode,
            }))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Takes a directory's rights from everybody else; true when there were any.</summary>
    public static bool MakePrivate(string directory)
    {
        const UnixFileMode Owner = Mode | UnixFileMode.UserExecute;
        UnixFileMode now = File.GetUnixFileMode(directory);
        if ((now & ~Owner) == UnixFileMode.None)
        {
            return false;
        }

        File.SetUnixFileMode(directory, now & Owner);
        return true;
    }
}
