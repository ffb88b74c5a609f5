using System.CommandLine;

namespace MiniPlane.CommandLine;

/// <summary>
/// <c>miniplane completion SHELL</c>: a script for the shell. It asks this program at each Tab, by the directive <c>[suggest:POSITION]</c>
/// of System.CommandLine, so it never goes stale.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # miniplane completion for bash:  source <(miniplane completion bash)
        _miniplane() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _miniplane miniplane

        """;

    private const string Zsh = """
        #compdef miniplane
        # miniplane completion for zsh:  source <(miniplane completion zsh)
        _miniplane() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found
        }
        compdef _miniplane miniplane

        """;

    private const string Fish = """
        # miniplane completion for fish:  miniplane completion fish | source
        complete -f -c miniplane -a '(miniplane "[suggest:"(commandline -C)"]" (commandline -cp | string collect) 2>/dev/null)'

        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script: source <(miniplane completion bash)") { shell };
        command.SetAction(parsed =>
        {
            terminal.Raw(parsed.GetValue(shell) switch
            {
                "zsh" => Zsh,
                "fish" => Fish,
                _ => Bash,
            });
            return ExitCodes.Success;
        });
        return command;
    }
}
