namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// The words of paths (groups, versions, resources, namespaces, names that are asked for again and again), shared instead of made anew for
/// each request. A small table without locks: what falls on a taken place replaces what was there.
/// </summary>
internal static class PathWords
{
    private const int LongestShared = 63;
    private const int Places = 1024;

    private static readonly string?[] Known = new string?[Places];

    public static string Of(ReadOnlySpan<char> word)
    {
        if (word.Length is 0 or > LongestShared)
        {
            return word.ToString();
        }

        ref string? place = ref Known[string.GetHashCode(word, StringComparison.Ordinal) & (Places - 1)];
        if (place is { } known && word.SequenceEqual(known))
        {
            return known;
        }

        string made = word.ToString();
        place = made;
        return made;
    }
}
