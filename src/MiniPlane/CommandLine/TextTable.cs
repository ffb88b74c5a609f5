namespace MiniPlane.CommandLine;

/// <summary>Columns as kubectl prints them: headings in capitals, three blanks between, nothing around.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const int Gap = 3;

    private readonly List<Piece[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params Piece[] cells) => _rows.Add(cells);

    public IReadOnlyList<Piece[]> Lines()
    {
        Piece[][] all = [[.. headings.Select(heading => Piece.Dim(heading))], .. _rows];
        int[] widths = [.. headings.Select((_, column) => all.Max(row => row[column].Text.Length))];
        return [.. all.Select(row => row.Select((cell, column) => Pad(cell, column, widths)).ToArray())];
    }

    private static Piece Pad(Piece cell, int column, int[] widths) =>
        column == widths.Length - 1 ? cell : cell with { Text = cell.Text.PadRight(widths[column] + Gap) };
}
