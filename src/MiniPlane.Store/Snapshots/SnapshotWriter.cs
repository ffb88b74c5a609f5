using System.Buffers;
using System.Text.Json;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Snapshots;

/// <summary>
/// Writes snapshots (<see cref="SnapshotFormat"/>). The objects come from an image that never changes, so writers do not wait and the
/// snapshot is of one revision however long it takes.
/// </summary>
public static class SnapshotWriter
{
    private const int FlushAt = 256 * 1024;

    /// <summary>The objects: a snapshot of its own, to which <see cref="WriteFilesAsync"/> may add.</summary>
    public static async Task WriteObjectsAsync(
        Stream output, StoreImage image, DateTimeOffset taken, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt + (FlushAt / 4));
        var digest = default(StoreDigest);
        Line(buffer, writer =>
        {
            writer.WriteStringValue(SnapshotFormat.Head);
            writer.WriteNumberValue(SnapshotFormat.Version);
            writer.WriteNumberValue(image.Revision);
            writer.WriteStringValue(taken);
        });
        foreach ((StoreKey key, ObjectDocument document) in image.Documents())
        {
            uint sum = DocumentChecksum.Of(key, document.Revision, document.Utf8.Span);
            digest = digest.With(sum, document.Revision);
            WriteObject(buffer, key, document, sum);
            if (buffer.WrittenCount >= FlushAt)
            {
                await FlushAsync(output, buffer, cancellationToken);
            }
        }

        Line(buffer, writer =>
        {
            writer.WriteStringValue(SnapshotFormat.End);
            writer.WriteNumberValue(image.Revision);
            writer.WriteNumberValue(digest.Count);
            writer.WriteNumberValue(digest.Sum);
        });
        await FlushAsync(output, buffer, cancellationToken);
    }

    /// <summary>The cluster's identity, after the objects.</summary>
    public static async Task WriteFilesAsync(
        Stream output, IReadOnlyList<SnapshotFile> files, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (SnapshotFile file in files)
        {
            Line(buffer, writer =>
            {
                writer.WriteStringValue(SnapshotFormat.File);
                writer.WriteStringValue(file.Path);
                writer.WriteNumberValue((int)file.Mode);
                writer.WriteNumberValue(file.Content.Length);
                writer.WriteNumberValue(SnapshotReader.SumOf(file));
            });
            Content(buffer, file.Content.Span);
        }

        Line(buffer, writer =>
        {
            writer.WriteStringValue(SnapshotFormat.Done);
            writer.WriteNumberValue(files.Count);
        });
        await FlushAsync(output, buffer, cancellationToken);
    }

    private static void WriteObject(ArrayBufferWriter<byte> buffer, StoreKey key, ObjectDocument document, uint sum)
    {
        Line(buffer, writer =>
        {
            writer.WriteStringValue(SnapshotFormat.Object);
            writer.WriteStringValue(key.Collection);
            writer.WriteStringValue(key.Object.Namespace);
            writer.WriteStringValue(key.Object.Name);
            writer.WriteNumberValue(document.Revision);
            writer.WriteNumberValue(document.Utf8.Length);
            writer.WriteNumberValue(sum);
        });
        Content(buffer, document.Utf8.Span);
    }

    private static void Line(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> fields)
    {
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            fields(writer);
            writer.WriteEndArray();
        }

        buffer.Write("\n"u8);
    }

    private static void Content(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> content)
    {
        buffer.Write(content);
        buffer.Write("\n"u8);
    }

    private static async Task FlushAsync(Stream output, ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
        buffer.ResetWrittenCount();
    }
}
