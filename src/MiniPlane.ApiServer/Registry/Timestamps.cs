using System.Globalization;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Times as meta.v1.Time writes them: RFC 3339, UTC, whole seconds.</summary>
internal static class Timestamps
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Text"/> wrote, or any RFC 3339 time.</summary>
    public static DateTimeOffset? Parse(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
