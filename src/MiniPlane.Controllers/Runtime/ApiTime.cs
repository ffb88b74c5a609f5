using System.Globalization;

namespace MiniPlane.Controllers.Runtime;

/// <summary>meta.v1.Time: RFC 3339 in UTC with whole seconds.</summary>
internal static class ApiTime
{
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time without its fraction of a second, as it will be read back.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
