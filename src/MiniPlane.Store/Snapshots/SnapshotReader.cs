using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Snapshots;

/// <summary>
/// Reads a snapshot whole and checks all of it: each record, what they add up to, that nothing is missing at the end and nothing
/// follows. Throws <see cref="SnapshotDamagedException"/>.
/// </summary>
public static class SnapshotReader
{
    private const int LongestLine = 8192;
    private const int LargestContent = 64 * 1024 * 1024;

    public static SnapshotContent Read(Stream input)
    {
        try
        {
            using var buffered = new BufferedStream(input, 256 * 1024);
            return ReadAll(buffered);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException
            or System.Text.Json.JsonException or EndOfStreamException or OverflowException)
        {
            throw new SnapshotDamagedException(
                exception is EndOfStreamException ? "it ends too early." : "it is damaged, or no MiniPlane snapshot.", exception);
        }
    }

    internal static uint SumOf(SnapshotFile file) => DocumentChecksum.Of(
        new StoreKey(SnapshotFormat.File, new ObjectKey("", file.Path)), (int)file.Mode, file.Content.Span);

    private static SnapshotContent ReadAll(BufferedStream input)
    {
        JsonArray head = Line(input) is { } first && (string?)first[0] == SnapshotFormat.Head
            ? first
            : throw Damaged("it is no MiniPlane snapshot.");
        int version = Value<int>(head, 1);
        if (version < SnapshotFormat.Version)
        {
            throw new FormatException("There is no such format.");
        }

        if (version > SnapshotFormat.Version)
        {
            throw Damaged(string.Create(
                CultureInfo.InvariantCulture, $"it was saved by a newer MiniPlane (format {version}). Use that version or a newer one."));
        }

        long revision = Value<long>(head, 2);
        List<KeyValuePair<StoreKey, ObjectDocument>> documents = ReadObjects(input, revision);
        return new SnapshotContent
        {
            Revision = revision,
            Taken = Value<DateTimeOffset>(head, 3),
            Documents = documents,
            Files = ReadFiles(input),
        };
    }

    private static List<KeyValuePair<StoreKey, ObjectDocument>> ReadObjects(BufferedStream input, long revision)
    {
        var documents = new List<KeyValuePair<StoreKey, ObjectDocument>>();
        var digest = default(StoreDigest);
        while (true)
        {
            JsonArray line = Line(input) ?? throw new EndOfStreamException();
            if (Value<string>(line, 0) == SnapshotFormat.End)
            {
                return revision == Value<long>(line, 1) && digest == new StoreDigest(Value<long>(line, 2), Value<long>(line, 3))
                    ? documents
                    : throw Damaged("its objects do not add up to what was saved.");
            }

            Expect(line, SnapshotFormat.Object);
            var key = new StoreKey(
                string.Intern(Value<string>(line, 1)), new ObjectKey(string.Intern(Value<string>(line, 2)), Value<string>(line, 3)));
            var document = new ObjectDocument(Content(input, Value<int>(line, 5)), Value<long>(line, 4));
            uint sum = DocumentChecksum.Of(key, document.Revision, document.Utf8.Span);
            if (sum != Value<uint>(line, 6) || document.Revision > revision)
            {
                throw Damaged($"the content of {key.Collection} {key.Object.Namespace}/{key.Object.Name} does not fit its checksum.");
            }

            digest = digest.With(sum, document.Revision);
            documents.Add(new(key, document));
        }
    }

    private static List<SnapshotFile> ReadFiles(BufferedStream input)
    {
        var files = new List<SnapshotFile>();
        if (Line(input) is not { } line)
        {
            return files;
        }

        while (Value<string>(line, 0) != SnapshotFormat.Done)
        {
            Expect(line, SnapshotFormat.File);
            var file = new SnapshotFile(
                Value<string>(line, 1), (UnixFileMode)Value<int>(line, 2), Content(input, Value<int>(line, 3)));
            if (SumOf(file) != Value<uint>(line, 4))
            {
                throw Damaged($"the content of the file {file.Path} does not fit its checksum.");
            }

            files.Add(file);
            line = Line(input) ?? throw new EndOfStreamException();
        }

        return Value<int>(line, 1) == files.Count && input.ReadByte() < 0
            ? files
            : throw Damaged("something follows its end.");
    }

    private static void Expect(JsonArray line, string name)
    {
        if (Value<string>(line, 0) != name)
        {
            throw Damaged("a record is not what it should be.");
        }
    }

    private static T Value<T>(JsonArray line, int index) => line[index] is { } node
        ? node.GetValue<T>()
        : throw new FormatException("A value is missing.");

    /// <summary>The next line, or null at the end.</summary>
    private static JsonArray? Line(BufferedStream input)
    {
        Span<byte> line = stackalloc byte[LongestLine];
        int length = 0;
        for (int next = input.ReadByte(); next != '\n'; next = input.ReadByte())
        {
            if (next < 0)
            {
                return length == 0 ? null : throw new EndOfStreamException();
            }

            line[length++] = length < LongestLine - 1 ? (byte)next : throw new FormatException("A line is too long.");
        }

        return JsonNode.Parse(line[..length])?.AsArray();
    }

    private static byte[] Content(BufferedStream input, int length)
    {
        byte[] content = length is >= 0 and <= LargestContent ? new byte[length] : throw new FormatException("A record is too long.");
        input.ReadExactly(content);
        return input.ReadByte() == '\n' ? content : throw new FormatException("A record has no end.");
    }

    private static SnapshotDamagedException Damaged(string found) => new(found, null);
}
