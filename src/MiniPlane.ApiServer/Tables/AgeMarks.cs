using System.Globalization;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// Lets a row be printed once and its ages be filled in with each answer: a printer that is given <see cref="Clock"/> as the time
/// gets marks where ages belong, and <see cref="PreparedRow"/> knows where they stand.
/// </summary>
internal static class AgeMarks
{
    /// <summary>The time at which every age is a mark.</summary>
    public static readonly DateTimeOffset Clock = DateTimeOffset.MaxValue;

    /// <summary>How a mark begins and ends in JSON text; between them the ticks of the time that the age counts from.</summary>
    public static ReadOnlySpan<byte> Edge => "\\u0001"u8;

    public static string Of(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"\u0001{time.UtcTicks}\u0001");
}
