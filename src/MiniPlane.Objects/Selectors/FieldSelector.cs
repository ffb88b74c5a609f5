using System.Text;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Selectors;

/// <summary>
/// A conjunction of field requirements such as <c>spec.nodeName=gpu,status.phase!=Failed</c>
/// (k8s.io/apimachinery/pkg/fields). Which fields a kind offers is for the server to say.
/// </summary>
public sealed record FieldSelector(IReadOnlyList<FieldRequirement> Requirements)
{
    public static readonly FieldSelector Everything = new([]);

    public bool IsEmpty => Requirements.Count == 0;

    /// <summary>Parses the string form. <c>\</c> escapes itself, the comma and the equals sign.</summary>
    /// <exception cref="ApiException">BadRequest, when it is malformed.</exception>
    public static FieldSelector Parse(string text)
    {
        var requirements = new List<FieldRequirement>();
        foreach (string term in SplitTerms(text))
        {
            if (term.Length > 0)
            {
                requirements.Add(ParseTerm(text, term));
            }
        }

        return requirements.Count == 0 ? Everything : new FieldSelector(requirements);
    }

    /// <summary>Whether an object matches; <paramref name="valueOf"/> gives a field's text, empty when it is absent.</summary>
    public bool Matches(Func<string, string> valueOf)
    {
        foreach (FieldRequirement requirement in Requirements)
        {
            if (valueOf(requirement.Field) == requirement.Value == requirement.IsNegated)
            {
                return false;
            }
        }

        return true;
    }

    private static List<string> SplitTerms(string text)
    {
        var terms = new List<string>();
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                terms.Add(text[start..at]);
                start = at + 1;
            }
        }

        terms.Add(text[start..]);
        return terms;
    }

    private static FieldRequirement ParseTerm(string selector, string term)
    {
        for (int at = 0; at < term.Length; at++)
        {
            ReadOnlySpan<char> rest = term.AsSpan(at);
            if (rest[0] == '\\')
            {
                at++;
                continue;
            }

            int width = rest.StartsWith("!=", StringComparison.Ordinal) || rest.StartsWith("==", StringComparison.Ordinal) ? 2
                : rest[0] == '=' ? 1
                : 0;
            if (width > 0)
            {
                return new FieldRequirement(term[..at], Unescape(term[(at + width)..]), rest[0] == '!');
            }
        }

        throw ApiErrors.BadRequest($"invalid selector: '{selector}'; can't understand '{term}'");
    }

    private static string Unescape(string value)
    {
        if (!value.AsSpan().ContainsAny('\\', ',', '='))
        {
            return value;
        }

        var plain = new StringBuilder(value.Length);
        for (int at = 0; at < value.Length; at++)
        {
            if (value[at] == '\\')
            {
                at++;
                if (at == value.Length || value[at] is not ('\\' or ',' or '='))
                {
                    throw ApiErrors.BadRequest($"invalid field selector: invalid escape sequence: \\{(at < value.Length ? value[at] : "")}");
                }
            }
            else if (value[at] is ',' or '=')
            {
                throw ApiErrors.BadRequest($"invalid field selector: unescaped character in value: {value[at]}");
            }

            plain.Append(value[at]);
        }

        return plain.ToString();
    }
}
