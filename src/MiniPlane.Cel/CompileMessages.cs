using System.Globalization;
using System.Text;

namespace MiniPlane.Cel;

/// <summary>Compile errors as cel-go prints them: the place, the message, the line and a caret.</summary>
internal static class CompileMessages
{
    public static string Show(string expression, IEnumerable<(int Position, string Message)> errors) =>
        string.Join('\n', errors.OrderBy(error => error.Position).Select(error => Show(expression, error.Position, error.Message)));

    private static string Show(string expression, int position, string message)
    {
        position = Math.Clamp(position, 0, expression.Length);
        int start = position == 0 ? 0 : expression.LastIndexOf('\n', position - 1) + 1;
        int end = expression.IndexOf('\n', start);
        string line = expression[start..(end < 0 ? expression.Length : end)];
        int number = expression.AsSpan(0, start).Count('\n') + 1;
        int column = position - start;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ERROR: <input>:{number}:{column + 1}: {message}\n | {line}\n | ");
        return text.Append('.', column).Append('^').ToString();
    }
}
