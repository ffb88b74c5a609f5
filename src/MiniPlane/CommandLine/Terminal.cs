using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace MiniPlane.CommandLine;

/// <summary>
/// What the user sees: plain lines in CI, pipes and with NO_COLOR, colour on a terminal. Messages go to standard output, errors to
/// standard error.
/// </summary>
internal sealed class Terminal(IAnsiConsole output, TextWriter plain, TextWriter errors, bool isPlain)
{
    private const string Home = "\e[H";
    private const string ClearToEndOfLine = "\e[K";
    private const string ClearBelow = "\e[J";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Terminal(IAnsiConsole output, TextWriter plain, TextWriter errors)
        : this(output, plain, errors, isPlain: true)
    {
    }

    /// <summary>No colour, no movement: what is printed may be read by a program.</summary>
    public bool IsPlain => isPlain;

    [SuppressMessage("ApiDesign", "RS0030", Justification = "This class is the one way to the console.")]
    public static Terminal ForProcess() => new(
        AnsiConsole.Console, Console.Out, Console.Error, Console.IsOutputRedirected || WantsPlain(Environment.GetEnvironmentVariable));

    /// <summary>Whether the environment asks for plain output: NO_COLOR (no-color.org), CI, or a terminal that can do nothing else.</summary>
    public static bool WantsPlain(Func<string, string?> environment) =>
        environment("NO_COLOR") is { Length: > 0 }
        || environment("CI") is { Length: > 0 } and not ("0" or "false")
        || environment("TERM") is "dumb";

    /// <summary>One line, without markup, never wrapped: it may be pasted or parsed.</summary>
    public void Line(string text) => plain.WriteLine(text);

    /// <summary>Text as it is, without a line end of its own.</summary>
    public void Raw(string text)
    {
        plain.Write(text);
        plain.Flush();
    }

    /// <summary>A document for programs.</summary>
    public void Json(JsonNode document)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            document.WriteTo(writer);
        }

        plain.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>One line of pieces.</summary>
    public void Line(params Piece[] pieces) =>
        plain.WriteLine(isPlain ? string.Concat(pieces.Select(piece => piece.Text)).TrimEnd() : ToAnsi(pieces));

    public void Lines(IEnumerable<Piece[]> lines)
    {
        foreach (Piece[] line in lines)
        {
            Line(line);
        }
    }

    /// <summary>Lines over what was shown before, so that they seem to change in place; on a plain terminal, after it.</summary>
    public void Redraw(IReadOnlyList<Piece[]> lines)
    {
        if (isPlain)
        {
            Lines(lines);
            Line("");
            return;
        }

        int width = output.Profile.Width;
        int height = Math.Max(2, output.Profile.Height - 1);
        IEnumerable<string> shown = lines.Take(height).Select(line => ToAnsi(Cut(line, width - 1)) + ClearToEndOfLine + "\r\n");
        Raw(Home + string.Concat(shown) + ClearBelow);
    }

    /// <summary>Begins a screen for <see cref="Redraw"/>.</summary>
    public void Clear()
    {
        if (!isPlain)
        {
            output.Clear(home: true);
        }
    }

    /// <summary>One line of progress: a mark and what is true now.</summary>
    public void Step(string text) => Mark(Piece.Good("✓ "), text);

    /// <summary>One line of progress that the user should look at.</summary>
    public void Caution(string text) => Mark(Piece.Warn("! "), text);

    /// <summary>Does something while a sign moves; on a plain terminal it is only done.</summary>
    public async Task WaitAsync(string what, Func<Task> action)
    {
        if (isPlain)
        {
            await action();
        }
        else
        {
            await output.Status().StartAsync(Markup.Escape(what), _ => action());
        }
    }

    /// <summary>Something the user should know but that stops nothing.</summary>
    public void Warning(string text) => errors.WriteLine("warning: " + text);

    /// <summary>Why the command failed and what to do next.</summary>
    public void Error(string text) => errors.WriteLine("error: " + text);

    private void Mark(Piece mark, string text)
    {
        if (isPlain)
        {
            plain.WriteLine(text);
        }
        else
        {
            Line(mark, text);
        }
    }

    private static Piece[] Cut(Piece[] line, int width)
    {
        List<Piece> kept = [];
        int room = width;
        foreach (Piece piece in line)
        {
            string text = piece.Text.Length <= room ? piece.Text : piece.Text[..Math.Max(0, room)];
            kept.Add(piece with { Text = text });
            room -= text.Length;
        }

        return [.. kept];
    }

    // Written by hand, since Spectre folds lines at the width of the terminal, and these may be pasted.
    private static string ToAnsi(Piece[] pieces) => string.Concat(pieces.Select(piece => piece.Tone switch
    {
        Tone.Good => $"\e[32m{piece.Text}\e[0m",
        Tone.Warn => $"\e[33m{piece.Text}\e[0m",
        Tone.Bad => $"\e[31m{piece.Text}\e[0m",
        Tone.Dim => $"\e[2m{piece.Text}\e[0m",
        Tone.Title => $"\e[1m{piece.Text}\e[0m",
        _ => piece.Text,
    }));
}
