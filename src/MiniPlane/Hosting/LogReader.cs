using System.Text;

namespace MiniPlane.Hosting;

/// <summary>Reads the log as one text, although it is in several files: a full one is followed by the next.</summary>
internal sealed class LogReader(string directory)
{
    private const int MostAtOnce = 1024 * 1024;

    private string? _file;
    private long _position;

    /// <summary>The last lines; what is added later comes from <see cref="ReadMore"/>.</summary>
    public IReadOnlyList<string> ReadLast(int lines)
    {
        List<string> found = [];
        foreach (string file in Files().Reverse())
        {
            string text = ReadFrom(file, 0, long.MaxValue, out long end);
            if (_file is null)
            {
                (_file, _position) = (file, end);
            }

            string[] here = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            found.InsertRange(0, here.TakeLast(lines - found.Count));
            if (found.Count >= lines)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>What was added since; empty for nothing.</summary>
    public string ReadMore()
    {
        _file ??= Files().FirstOrDefault();
        if (_file is null)
        {
            return "";
        }

        string text = File.Exists(_file) ? ReadFrom(_file, _position, MostAtOnce, out _position) : "";
        if (text.Length == 0 && Files().SkipWhile(file => file != _file).Skip(1).FirstOrDefault() is { } next)
        {
            (_file, _position) = (next, 0);
        }

        return text;
    }

    /// <summary>Oldest first: <c>miniplane.log</c>, then <c>miniplane_001.log</c>, as the writer numbers them.</summary>
    private IEnumerable<string> Files() => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, LogFile.Pattern).OrderBy(file => Path.GetFileNameWithoutExtension(file).Length).ThenBy(file => file, StringComparer.Ordinal)
        : [];

    private static string ReadFrom(string file, long position, long most, out long end)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // Whole lines only: the writer may be in the middle of one.
        position = Math.Min(position, stream.Length);
        byte[] bytes = new byte[Math.Min(most, stream.Length - position)];
        stream.Position = position;
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int whole = Array.LastIndexOf(bytes, (byte)'\n', Math.Max(0, read - 1), read) + 1;
        end = position + whole;
        return Encoding.UTF8.GetString(bytes, 0, whole);
    }
}
