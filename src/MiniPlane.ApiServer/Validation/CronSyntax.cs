using System.Globalization;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Whether a cron schedule can be read: five fields, names of months and days, <c>@hourly</c> and <c>@every</c>. Wording as the parser that
/// upstream uses.
/// </summary>
internal static class CronSyntax
{
    private static readonly (int Low, int High, string[] Names)[] Fields =
    [
        (0, 59, []),
        (0, 23, []),
        (1, 31, []),
        (1, 12, ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        (0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    private static readonly string[] Descriptors =
        ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

    /// <summary>Null, or what is wrong.</summary>
    public static string? Check(string schedule)
    {
        if (schedule.StartsWith('@'))
        {
            return Descriptors.Contains(schedule, StringComparer.Ordinal) ? null
                : schedule.StartsWith("@every ", StringComparison.Ordinal) ? Every(schedule)
                : $"unrecognized descriptor: {schedule}";
        }

        string[] parts = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            return $"expected exactly 5 fields, found {parts.Length.ToString(CultureInfo.InvariantCulture)}: [{string.Join(' ', parts)}]";
        }

        for (int index = 0; index < parts.Length; index++)
        {
            foreach (string expression in parts[index].Split(','))
            {
                if (Range(expression, index) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    private static string? Every(string schedule)
    {
        string duration = schedule["@every ".Length..];
        bool isReadable = duration.Length > 1 && char.IsAsciiDigit(duration[0])
            && duration.All(letter => char.IsAsciiDigit(letter) || letter is '.' or 'h' or 'm' or 's' or 'u' or 'n')
            && !char.IsAsciiDigit(duration[^1]);
        return isReadable ? null : $"failed to parse duration {schedule}: time: invalid duration \"{duration}\"";
    }

    private static string? Range(string expression, int index)
    {
        (int low, int high, _) = Fields[index];
        string[] stepped = expression.Split('/');
        string[] ends = stepped[0].Split('-');
        int start = low;
        int end = high;
        if (ends[0] is not ("*" or "?"))
        {
            if (Number(ends[0], index, out start) is { } wrong)
            {
                return wrong;
            }

            if (ends.Length > 2)
            {
                return $"too many hyphens: {expression}";
            }

            end = start;
            if (ends.Length == 2 && Number(ends[1], index, out end) is { } wrongEnd)
            {
                return wrongEnd;
            }
        }

        int step = 1;
        if (stepped.Length > 2)
        {
            return $"too many slashes: {expression}";
        }

        if (stepped.Length == 2)
        {
            if (Integer(stepped[1], out step) is { } wrongStep)
            {
                return wrongStep;
            }

            end = ends.Length == 1 ? high : end;
        }

        return Limits(expression, start, end, step, low, high);
    }

    private static string? Limits(string expression, int start, int end, int step, int low, int high) => 0 switch
    {
        _ when start < low => Text($"beginning of range ({start}) below minimum ({low}): {expression}"),
        _ when end > high => Text($"end of range ({end}) above maximum ({high}): {expression}"),
        _ when start > end => Text($"beginning of range ({start}) beyond end of range ({end}): {expression}"),
        _ when step == 0 => $"step of range should be a positive number: {expression}",
        _ => null,
    };

    private static string? Number(string text, int index, out int number)
    {
        number = Array.IndexOf(Fields[index].Names, text.ToLowerInvariant());
        return number >= 0 && text.Length > 0 ? null : Integer(text, out number);
    }

    private static string? Integer(string text, out int number)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return $"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax";
        }

        return number < 0 ? $"negative number ({text}) not allowed: {text}" : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
