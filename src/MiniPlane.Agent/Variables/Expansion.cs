using System.Text;

namespace MiniPlane.Agent.Variables;

/// <summary>
/// $(NAME) in values, commands and arguments, with kubelet's rules: an unknown name stays as it is written, $$ is one $ and keeps
/// what follows from being a reference, anything else after $ stays.
/// </summary>
internal static class Expansion
{
    public static string Expand(string text, Func<string, string?> find)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            int end = text[i + 1] == '(' ? text.IndexOf(')', i + 2) : -1;
            if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (end < 0)
            {
                result.Append('$');
            }
            else
            {
                string name = text[(i + 2)..end];
                result.Append(find(name) ?? $"$({name})");
                i = end;
            }
        }

        return result.ToString();
    }
}
