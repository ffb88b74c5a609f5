using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniPlane.Controllers.Views;

/// <summary>util.intstr.IntOrString: a number, a percentage or a name.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
internal readonly record struct IntOrString(int Number, string? Text)
{
    /// <summary>
    /// The number, or the percentage of <paramref name="total"/> rounded up or down; what is neither counts as 0
    /// (upstream's GetScaledValueFromIntOrPercent).
    /// </summary>
    public int Of(int total, bool roundUp)
    {
        if (Text is null)
        {
            return Number;
        }

        if (!Text.EndsWith('%')
            || !int.TryParse(Text.AsSpan(0, Text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int percent))
        {
            return 0;
        }

        double exact = (double)percent * total / 100;
        return (int)(roundUp ? Math.Ceiling(exact) : Math.Floor(exact));
    }
}

internal sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? new IntOrString(reader.GetInt32(), Text: null)
            : new IntOrString(0, reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        if (value.Text is { } text)
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteNumberValue(value.Number);
        }
    }
}
