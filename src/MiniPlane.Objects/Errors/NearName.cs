namespace MiniPlane.Objects.Errors;

/// <summary>Finds what someone who mistyped a name most likely meant.</summary>
public static class NearName
{
    /// <summary>The nearest of the names, or null when none is so near that it would help.</summary>
    public static string? Find(string typed, IEnumerable<string> names)
    {
        string wanted = Simple(typed);
        int most = Math.Max(1, wanted.Length / 3);
        return names
            .Select(name => (Name: name, Distance: Distance(wanted, Simple(name))))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    // dataDir, data_dir and DATA-DIR are the same slip.
    private static string Simple(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>How many characters must be added, removed, replaced or swapped with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        int[,] table = new int[left.Length + 1, right.Length + 1];
        for (int row = 0; row <= left.Length; row++)
        {
            for (int column = 0; column <= right.Length; column++)
            {
                table[row, column] = row == 0 || column == 0 ? row + column : Cheapest(table, left, right, row, column);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Cheapest(int[,] table, string left, string right, int row, int column)
    {
        int differs = left[row - 1] == right[column - 1] ? 0 : 1;
        int least = Math.Min(table[row - 1, column - 1] + differs, Math.Min(table[row - 1, column], table[row, column - 1]) + 1);
        bool isSwap = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
        return isSwap ? Math.Min(least, table[row - 2, column - 2] + 1) : least;
    }
}
