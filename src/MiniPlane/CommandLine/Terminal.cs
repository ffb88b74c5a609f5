using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace MiniPlane.CommandLine;

/// <summary>
/// What the user sees: plain lines in CI, pipes and with NO_COLOR, colour on a terminal. Messages go to standard output, errors to
/// standard error.
/// </summary>
internal sealed class Terminal(IAnsiConsole output, TextWriter plain, TextWriter errors)
{
    [SuppressMessage("ApiDesign", "RS0030", Justification = "This class is the one way to the console.")]
    public static Terminal ForProcess() => new(AnsiConsole.Console, Console.Out, Console.Error);

    /// <summary>One line, without markup, never wrapped: it may be pasted or parsed.</summary>
    public void Line(string text) => plain.WriteLine(text);

    /// <summary>One line of progress: a mark and what is true now.</summary>
    public void Step(string text)
    {
        if (output.Profile.Out.IsTerminal && output.Profile.Capabilities.Ansi)
        {
            output.MarkupLineInterpolated($"[green]✓[/] {text}");
        }
        else
        {
            plain.WriteLine(text);
        }
    }

    /// <summary>Something the user should know but that stops nothing.</summary>
    public void Warning(string text) => errors.WriteLine("warning: " + text);

    /// <summary>Why the command failed and what to do next.</summary>
    public void Error(string text) => errors.WriteLine("error: " + text);
}
