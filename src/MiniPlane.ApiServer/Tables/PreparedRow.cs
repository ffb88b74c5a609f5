using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// A row's cells as JSON text with gaps where ages go. Made when a version of an object is first shown in a table, and kept with it:
/// a list of thousands then copies bytes instead of reading objects.
/// </summary>
internal sealed class PreparedRow
{
    private readonly KindDefinition _kind;
    private readonly byte[] _utf8;
    private readonly Gap[] _gaps;

    private PreparedRow(KindDefinition kind, byte[] utf8, Gap[] gaps)
    {
        _kind = kind;
        _utf8 = utf8;
        _gaps = gaps;
    }

    public static PreparedRow Of(KindDefinition kind, ObjectDocument document)
    {
        // A custom kind may have got other columns since.
        if (document.Prepared is PreparedRow known && ReferenceEquals(known._kind, kind))
        {
            return known;
        }

        PreparedRow made = Make(kind, TableRows.Cells(kind, document, AgeMarks.Clock));
        document.Prepared = made;
        return made;
    }

    /// <summary>
    /// The row of an object that is about to be written, or null where rows are made when they are asked for: at this point the object
    /// is not encoded yet, so that nothing has to be read.
    /// </summary>
    public static PreparedRow? OfWrite(KindDefinition kind, JsonObject obj) =>
        TableRows.AreMany(kind) ? Make(kind, TableRows.Cells(kind, obj, AgeMarks.Clock)) : null;

    /// <summary>Writes the array of cells as it is at <paramref name="now"/>.</summary>
    public void Write(IBufferWriter<byte> output, DateTimeOffset now)
    {
        int written = 0;
        foreach (Gap gap in _gaps)
        {
            output.Write(_utf8.AsSpan(written, gap.At - written));
            written = gap.At;
            Encoding.ASCII.GetBytes(HumanDuration.Since(new DateTimeOffset(gap.Ticks, TimeSpan.Zero), now), output);
        }

        output.Write(_utf8.AsSpan(written));
    }

    private static PreparedRow Make(KindDefinition kind, JsonArray cells)
    {
        using var scratch = JsonScratch.Take();
        cells.WriteTo(scratch.Writer);
        ReadOnlySpan<byte> rest = scratch.Written;
        var text = new ArrayBufferWriter<byte>(rest.Length);
        var gaps = new List<Gap>(2);
        for (int edge; (edge = rest.IndexOf(AgeMarks.Edge)) >= 0;)
        {
            ReadOnlySpan<byte> mark = rest[(edge + AgeMarks.Edge.Length)..];
            bool isMark = Utf8Parser.TryParse(mark, out long ticks, out int length)
                && mark[length..].StartsWith(AgeMarks.Edge)
                && ticks >= 0 && ticks < DateTimeOffset.MaxValue.Ticks;
            if (isMark)
            {
                text.Write(rest[..edge]);
                gaps.Add(new Gap(text.WrittenCount, ticks));
                rest = mark[(length + AgeMarks.Edge.Length)..];
            }
            else
            {
                // The object's own text has such a character in it.
                text.Write(rest[..(edge + AgeMarks.Edge.Length)]);
                rest = mark;
            }
        }

        text.Write(rest);
        return new PreparedRow(kind, text.WrittenSpan.ToArray(), [.. gaps]);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Gap(int At, long Ticks);
}
