using System.Text;

namespace MiniPlane.Cel;

/// <summary>
/// How fields are named in expressions: what no identifier may hold is written in words between underscores (k8s.io/apiserver/pkg/cel,
/// Escape).
/// </summary>
public static class FieldNames
{
    private static readonly (string Word, string Text)[] Words =
        [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    };

    /// <summary>Words of the language that are no variables.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>The field's name in JSON.</summary>
    public static string Unescape(string name)
    {
        if (!name.Contains("__", StringComparison.Ordinal))
        {
            return name;
        }

        if (name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal) && name.Length > 4 && Reserved.Contains(name[2..^2]))
        {
            return name[2..^2];
        }

        var text = new StringBuilder(name.Length);
        for (int at = 0; at < name.Length;)
        {
            (string word, string replacement) = Array.Find(Words, pair => string.CompareOrdinal(name, at, pair.Word, 0, pair.Word.Length) == 0);
            if (word is null)
            {
                text.Append(name[at++]);
            }
            else
            {
                text.Append(replacement);
                at += word.Length;
            }
        }

        return text.ToString();
    }
}
