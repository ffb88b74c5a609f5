using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniPlane.Agent.Variables;

/// <summary>Reads resource quantities (1, "500m", "1Gi", "1e3") that the API server has accepted.</summary>
internal static class Amounts
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1048576m), ("Gi", 1073741824m), ("Ti", 1099511627776m), ("Pi", 1125899906842624m),
        ("Ei", 1152921504606846976m), ("n", 0.000000001m), ("u", 0.000001m), ("m", 0.001m), ("k", 1000m), ("M", 1000000m),
        ("G", 1000000000m), ("T", 1000000000000m), ("P", 1000000000000000m), ("E", 1000000000000000000m),
    ];

    public static decimal Parse(JsonNode value) => Parse(value.ToString());

    public static decimal Parse(string text)
    {
        foreach ((string suffix, decimal factor) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) && TryNumber(text[..^suffix.Length], out decimal number))
            {
                return number * factor;
            }
        }

        return TryNumber(text, out decimal plain) ? plain : 0;
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
