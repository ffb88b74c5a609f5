using System.Globalization;
using System.Text;

namespace MiniPlane.Controllers.Jobs;

/// <summary>A set of completion indexes in the form of <c>status.completedIndexes</c>: <c>1,3-5,7</c>. Pure.</summary>
internal static class IndexSet
{
    /// <summary>Reads the indexes below <paramref name="count"/>; parts that make no sense are left out.</summary>
    public static SortedSet<int> Parse(string? text, int count)
    {
        SortedSet<int> indexes = [];
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('-', 2);
            if (int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(sides[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
            {
                for (int index = first; index <= last && index < count; index++)
                {
                    indexes.Add(index);
                }
            }
        }

        return indexes;
    }

    /// <summary>Writes ranges, where two neighbours are a list and three a range, as upstream does.</summary>
    public static string Format(SortedSet<int> indexes)
    {
        var text = new StringBuilder();
        int? first = null;
        int last = 0;
        foreach (int index in indexes)
        {
            if (first is { } start && index != last + 1)
            {
                Append(text, start, last);
                first = index;
            }

            first ??= index;
            last = index;
        }

        if (first is { } open)
        {
            Append(text, open, last);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int first, int last)
    {
        if (text.Length > 0)
        {
            text.Append(',');
        }

        text.Append(CultureInfo.InvariantCulture, $"{first}");
        if (last > first)
        {
            text.Append(last == first + 1 ? ',' : '-').Append(CultureInfo.InvariantCulture, $"{last}");
        }
    }
}
