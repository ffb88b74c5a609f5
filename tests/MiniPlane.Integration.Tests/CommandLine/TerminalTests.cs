using MiniPlane.CommandLine;
using Spectre.Console;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("NO_COLOR", "1", true)]
    [InlineData("NO_COLOR", "", false)]
    [InlineData("CI", "true", true)]
    [InlineData("CI", "false", false)]
    [InlineData("TERM", "dumb", true)]
    [InlineData("TERM", "xterm-256color", false)]
    public void The_environment_can_ask_for_plain_output(string name, string value, bool isPlain) =>
        Assert.Equal(isPlain, Terminal.WantsPlain(variable => variable == name ? value : null));

    [Fact]
    public void Plain_output_has_no_colour_and_no_blanks_at_the_end()
    {
        using var text = new StringWriter();
        var terminal = new Terminal(Quiet(), text, TextWriter.Null, isPlain: true);

        terminal.Line(Piece.Good("fine"), "   ");
        terminal.Step("done");

        Assert.Equal("fine\ndone\n", text.ToString());
    }

    [Fact]
    public void On_a_terminal_a_piece_has_its_colour_and_a_long_line_is_not_folded()
    {
        using var text = new StringWriter();
        var terminal = new Terminal(Quiet(), text, TextWriter.Null, isPlain: false);

        terminal.Line(Piece.Bad("broken"), new string('x', 500));

        Assert.Equal($"\e[31mbroken\e[0m{new string('x', 500)}\n", text.ToString());
    }

    [Fact]
    public void A_table_lines_its_columns_up()
    {
        var table = new TextTable("NAME", "STATE");
        table.Add("a-long-name", Piece.Good("Ready"));
        table.Add("b", "Down");

        Assert.Equal(
            ["NAME          STATE", "a-long-name   Ready", "b             Down"],
            table.Lines().Select(line => string.Concat(line.Select(piece => piece.Text))));
    }

    private static IAnsiConsole Quiet() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
}
