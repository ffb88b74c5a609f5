using System.Globalization;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// One field of a cron expression as the set of numbers it allows. <paramref name="IsAny"/> says that it was written as <c>*</c> or
/// <c>?</c>, which matters for the two day fields.
/// </summary>
internal sealed record CronField(ulong Allowed, bool IsAny)
{
    public bool Contains(int value) => (Allowed & (1UL << value)) != 0;

    /// <summary>
    /// Reads a list of <c>*</c>, <c>n</c>, <c>n-m</c>, each with an optional <c>/step</c>; <c>n/step</c> means from n to the end.
    /// Throws FormatException with a reason.
    /// </summary>
    public static CronField Parse(string text, int least, int most, string[] names)
    {
        ulong allowed = 0;
        bool isAny = false;
        foreach (string part in text.Split(','))
        {
            string[] sides = part.Split('/');
            if (sides.Length > 2)
            {
                throw new FormatException($"too many slashes: {part}");
            }

            string[] ends = sides[0].Split('-');
            if (ends.Length > 2)
            {
                throw new FormatException($"too many hyphens: {part}");
            }

            int step = sides.Length == 2 ? Number(sides[1], []) : 1;
            bool isStar = ends[0] is "*" or "?";
            if (isStar && ends.Length == 2)
            {
                throw new FormatException($"a range cannot start with {ends[0]}: {part}");
            }

            int first = isStar ? least : Number(ends[0], names);
            int last = isStar ? most : ends.Length == 2 ? Number(ends[1], names) : sides.Length == 2 ? most : first;
            isAny |= isStar && step == 1;
            Check(part, first, last, step, least, most);
            for (int value = first; value <= last; value += step)
            {
                allowed |= 1UL << value;
            }
        }

        return new CronField(allowed, isAny);
    }

    private static void Check(string part, int first, int last, int step, int least, int most)
    {
        if (first < least)
        {
            throw new FormatException($"beginning of range ({first}) below minimum ({least}): {part}");
        }

        if (last > most)
        {
            throw new FormatException($"end of range ({last}) above maximum ({most}): {part}");
        }

        if (first > last)
        {
            throw new FormatException($"beginning of range ({first}) beyond end of range ({last}): {part}");
        }

        if (step == 0)
        {
            throw new FormatException($"step of range should be a positive number: {part}");
        }
    }

    /// <summary>A number, or the position of a three-letter name.</summary>
    private static int Number(string text, string[] names)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return names.Length == 12 ? i + 1 : i;
            }
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"failed to parse int from {text}");
    }
}
