using System.Text;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The value of a <c>Warning</c> header (RFC 7234, code 299), as k8s.io/apimachinery/pkg/util/net writes it.</summary>
internal static class WarningHeader
{
    private const int MaxLength = 2048;

    public static string Format(string text)
    {
        var quoted = new StringBuilder("299 - \"", text.Length + 16);
        foreach (char letter in text.Length > MaxLength ? text[..MaxLength] : text)
        {
            if (letter is '"' or '\\')
            {
                quoted.Append('\\').Append(letter);
            }
            else if (letter is >= ' ' and <= '~')
            {
                quoted.Append(letter);
            }
            else
            {
                // Headers are ASCII on the wire; a line break would end the header.
                quoted.Append('?');
            }
        }

        return quoted.Append('"').ToString();
    }
}
