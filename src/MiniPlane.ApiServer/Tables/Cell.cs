using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Texts that many printers share.</summary>
internal static class Cell
{
    public const string None = "<none>";
    public const string Unset = "<unset>";
    public const string Unknown = "<unknown>";

    /// <summary>
    /// A row. A collection expression would pick <c>JsonArray.Add&lt;T&gt;</c> for texts, which needs reflection and is not in the
    /// trimmed program.
    /// </summary>
    public static JsonArray Row(params ReadOnlySpan<JsonNode?> cells)
    {
        var row = new JsonArray();
        foreach (JsonNode? cell in cells)
        {
            row.Add(cell);
        }

        return row;
    }

    public static string Name(JsonObject obj) => obj.TextOrEmpty("metadata", "name");

    public static string Age(JsonObject obj, DateTimeOffset now) => Since(obj.Text("metadata", "creationTimestamp"), now);

    /// <summary>The time since an RFC 3339 text.</summary>
    public static string Since(string? time, DateTimeOffset now) => HumanDuration.Since(Time(time), now);

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>The text, or <c>&lt;none&gt;</c>.</summary>
    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;

    public static string Joined(IEnumerable<string> parts, string separator = ",") => OrNone(string.Join(separator, parts));

    /// <summary>A map of labels as <c>a=b,c=d</c>.</summary>
    public static string Labels(IReadOnlyDictionary<string, string> labels) =>
        Joined(labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    /// <summary>An integer or string field as it is written.</summary>
    public static string Scalar(JsonNode? node) => node.Text() ?? (node is null ? "" : node.Compacted());

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
