using System.Text.RegularExpressions;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>
/// What the pages tell people to type is typed here: the blocks marked <c>sh runnable</c> of a page, one after the other, in a shell of the
/// ordinary user with a home of its own. The only thing changed is the image, which the rig has under another name.
/// </summary>
public sealed partial class DocumentedCommandsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private RigSettings? _rig;

    public static TheoryData<string> Pages => ["docs/howto/start.md", "docs/howto/site.md", "docs/howto/slurmrestd.md"];

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync() => _rig = await RigSettings.LoadAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_of_the_page_works(string page)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Rig.Repository, page));
        string[] blocks = [.. Block().Matches(text).Select(match => match.Groups["code"].Value)];
        Assert.NotEmpty(blocks);
        string home = Path.Combine(Rig.Work, $"docs-{Guid.NewGuid().ToString("n")[..8]}");
        string commands = string.Join('\n', blocks).Replace("--image=busybox ", $"--image={Rig.Busybox} ", StringComparison.Ordinal);
        string script = $"""
            set -eu
            mkdir -p "$HOME/.miniplane" && chmod 700 "$HOME" && cd "$HOME"
            echo 'insecureRegistries: ["{Rig.Registry}"]' > site.yaml
            echo "site: $HOME/site.yaml" > .miniplane/miniplane.yaml
            trap 'code=$?; [ ! -e .miniplane/admin.conf ] || miniplane down --cancel-jobs || true; [ $code = 0 ] || cat *.log; kill $(jobs -p) || true; cd /; rm -rf "$HOME"; exit $code' EXIT
            set -x
            {commands}
            """;

        (string file, string[] arguments) = Rig.AsOrdinaryUser(
            $"HOME={home}", "sh", "-c", $"unset KUBECONFIG; PATH={Rig.App}:{Rig.Bin}:$PATH; export PATH; exec bash -s");
        CommandResult result = await Command.RunAsync(file, arguments, script, Limit);

        Assert.True(result.Succeeded, result.ToString());
    }

    [GeneratedRegex(@"(?ms)^ *```sh runnable\n(?<code>.*?)^ *```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
