using System.Diagnostics;
using MiniPlane.Agent.Networks;
using MiniPlane.Testing;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Networks;

public sealed class NetworkCommandTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-network-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_user_whom_the_site_allows_it_gets_the_network_and_all_else_of_the_node()
    {
        NetworkCommand command = Command() with { Network = new AgentNetwork { Name = "site", Arguments = ["IP=10.0.0.9"] } };
        IReadOnlyList<string> arguments = command.ApptainerArguments();
        string text = string.Join(' ', arguments);

        Assert.Contains("--net --network site --network-args IP=10.0.0.9 ", text, StringComparison.Ordinal);
        Assert.Contains("--mount type=bind,source=/usr,destination=/usr ", text, StringComparison.Ordinal);
        Assert.Contains("destination=/etc/subuid,ro ", text, StringComparison.Ordinal);
        Assert.EndsWith("/usr/bin/env PATH=/bin /agent --config /pod/agent.json --in-network 192.0.2.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--fakeroot", arguments);
        Assert.DoesNotContain("--add-caps", arguments);
    }

    [Fact]
    public void Apptainers_own_network_for_fakeroot_is_asked_for_with_fakeroot_but_not_by_root()
    {
        NetworkCommand command = Command() with { Network = new AgentNetwork { Name = "fakeroot" } };

        Assert.Contains("--fakeroot", command.ApptainerArguments());
        Assert.DoesNotContain("--fakeroot", (command with { IsRoot = true }).ApptainerArguments());
    }

    [Fact]
    public void Root_keeps_the_capabilities_that_it_has()
    {
        string[] own = [.. NetworkEntry.OwnCapabilities("Name:\tx\nCapEff:\t0000000000200401\n")];

        Assert.Equal(["CAP_CHOWN", "CAP_NET_BIND_SERVICE", "CAP_SYS_ADMIN"], own);
        Assert.Contains("CAP_CHOWN,CAP_NET_BIND_SERVICE,CAP_SYS_ADMIN", (Command() with { IsRoot = true, Capabilities = own }).ApptainerArguments());
    }

    [Fact]
    public async Task An_agent_that_came_up_in_the_network_gives_the_job_its_exit_code()
    {
        Assert.Equal(7, await RunAsync("touch \"$UP\"; exit 7"));
    }

    [Fact]
    public async Task Without_the_network_an_agent_on_the_nodes_says_so_and_has_what_Apptainer_said()
    {
        Assert.Equal(3, await RunAsync("echo 'FATAL:   no such network' >&2; exit 255", agent: "[ \"$3\" = --network-failed ] && exit 3"));
        Assert.Equal("FATAL:   no such network\n", await File.ReadAllTextAsync(new NetworkFolder(_home).Errors));
    }

    [Fact]
    public async Task The_signal_that_ends_the_job_reaches_what_is_in_the_network()
    {
        using Process shell = Start("trap 'exit 5' TERM; touch \"$UP\"; while :; do sleep 0.1; done", agent: "exit 9");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(new NetworkFolder(_home).Up)), "it runs");

        MiniPlane.Agent.Runtime.Signals.Send(shell.Id, MiniPlane.Agent.Runtime.Signals.Terminate);
        await shell.WaitForExitAsync();

        Assert.Equal(5, shell.ExitCode);
    }

    [Fact]
    public void The_root_of_the_container_has_the_directories_of_the_nodes_and_its_links()
    {
        string node = Path.Combine(_home, "node");
        foreach (string name in new[] { "usr", "proc", "scratch" })
        {
            Directory.CreateDirectory(Path.Combine(node, name));
        }

        File.CreateSymbolicLink(Path.Combine(node, "bin"), "usr/bin");
        NetworkFolder folder = new(_home);

        IReadOnlyList<string> binds = folder.Make(node, "");
        Assert.Equal(binds, folder.Make(node, ""));

        Assert.Equal([Path.Combine(node, "scratch"), Path.Combine(node, "usr")], binds);
        Assert.True(Directory.Exists(Path.Combine(folder.Root, "proc")));
        Assert.Equal("usr/bin", new FileInfo(Path.Combine(folder.Root, "bin")).LinkTarget);
    }

    [Theory]
    [InlineData("WARNING: no passwd\n\u001b[31mFATAL:  network requires root or a suid installation\u001b[0m\n", "FATAL:  network requires root", "allow net networks = site")]
    [InlineData("FATAL: could not find network site\n", "could not find network site", "")]
    [InlineData("", "without a word", "")]
    public void Why_it_failed_is_what_Apptainer_said_and_what_the_administrator_must_do(string said, string why, string advice)
    {
        string text = NetworkEntry.Explain("site", "n1", said);

        Assert.StartsWith("the network site cannot be had on n1: ", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
        Assert.Contains(advice, text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_says_whether_the_agent_is_inside_or_was_turned_away()
    {
        Assert.Equal(new AgentStart("f", null, HasFailed: false), AgentStart.Parse(["--config", "f"]));
        Assert.Equal(new AgentStart("f", "192.0.2.1", HasFailed: false), AgentStart.Parse(["--config", "f", "--in-network", "192.0.2.1"]));
        Assert.Equal(new AgentStart("f", null, HasFailed: true), AgentStart.Parse(["--config", "f", "--network-failed"]));
        Assert.Null(AgentStart.Parse(["--config"]));
    }

    private async Task<int> RunAsync(string apptainer, string agent = "exit 9")
    {
        using Process shell = Start(apptainer, agent);
        await shell.WaitForExitAsync();
        return shell.ExitCode;
    }

    // Programs of this test in the places of Apptainer and the agent.
    private Process Start(string apptainer, string agent)
    {
        NetworkFolder folder = new(_home);
        folder.Make(_home, "");
        NetworkCommand command = Command() with
        {
            Folder = folder,
            Apptainer = Write("apptainer", $"UP='{folder.Up}'\n{apptainer}"),
            Agent = [Write("agent", agent), "--config", "/pod/agent.json"],
        };
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command.ToScript()]) { UseShellExecute = false })!;
    }

    private string Write(string name, string script)
    {
        string path = Path.Combine(_home, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static NetworkCommand Command() => new()
    {
        Apptainer = "/usr/bin/apptainer",
        Network = new AgentNetwork { Name = "site" },
        Folder = new NetworkFolder("/pod"),
        Binds = ["/usr"],
        Agent = ["/agent", "--config", "/pod/agent.json"],
        HostIp = "192.0.2.1",
        Environment = ["PATH=/bin"],
        SubordinateFiles = ["/etc/subuid"],
    };
}
