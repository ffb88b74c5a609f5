using System.Diagnostics;
using MiniPlane.CommandLine;
using MiniPlane.Doctor;
using MiniPlane.Hosting;
using Spectre.Console;

namespace MiniPlane.Integration.Tests.Doctor;

public sealed class NodeProbeTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-probe-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_fit_node_has_nothing_to_mend()
    {
        const string Said = "host=n1\ntime=1800000001\nshared=yes\napptainer=apptainer version 1.4.5\nuserns=yes\nfuse=yes\nunreached=login:6443\nreached=10.0.0.1:6443\n";

        IReadOnlyList<Finding> findings = Probe().Read(Said, "batch", Now);

        Assert.All(findings, finding => Assert.Equal(Severity.Fine, finding.Severity));
        Assert.Contains(findings, finding => finding.Message.Contains("10.0.0.1:6443", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shared=no", "shared files", "--data-dir")]
    [InlineData("apptainer=", "apptainer", "install Apptainer")]
    [InlineData("userns=unshare: unshare failed: Operation not permitted", "user namespaces", "max_user_namespaces")]
    [InlineData("unreached=login:6443", "reachability", "--bind")]
    public void What_a_node_lacks_is_broken_and_says_what_to_do(string line, string check, string fix)
    {
        string[] fit = ["host=n1", "time=1800000000", "shared=yes", "apptainer=1.4", "userns=yes", "fuse=yes", "reached=login:6443"];
        string name = line.Split('=')[0].Replace("unreached", "reached", StringComparison.Ordinal);
        string said = string.Join('\n', fit.Where(one => !one.StartsWith(name + "=", StringComparison.Ordinal)).Append(line));

        Finding finding = Assert.Single(Probe().Read(said, "batch", Now), one => one.Severity != Severity.Fine);

        Assert.Equal((check, Severity.Broken), (finding.Check, finding.Severity));
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
        Assert.Contains("n1 (batch)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_fuse_or_with_another_time_is_weak()
    {
        const string Said = "host=n1\ntime=1800000500\nshared=yes\napptainer=1.4\nuserns=yes\nfuse=no\nreached=login:6443\n";

        string[] weak = [.. Probe().Read(Said, "batch", Now).Where(finding => finding.Severity == Severity.Weak).Select(finding => finding.Check)];

        Assert.Equal(["fuse", "clock"], weak);
    }

    [Theory]
    [InlineData("yes", true, "")]
    [InlineData("unreached", false, "ipMasq")]
    [InlineData("FATAL: network requires root or a suid installation", false, "allow net networks = site")]
    public void A_network_of_the_site_is_there_or_says_what_to_ask_for(string line, bool isFine, string fix)
    {
        string said = $"host=n1\ntime=1800000000\nshared=yes\napptainer=1.4\nuserns=yes\nfuse=yes\nreached=login:6443\nnetwork site={line}\n";

        Finding finding = Assert.Single((Probe() with { Networks = ["site"] }).Read(said, "batch", Now), one => one.Check == "network site");

        Assert.Equal(isFine ? Severity.Fine : Severity.Broken, finding.Severity);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_tries_a_network_with_apptainer_and_tells_what_it_said()
    {
        string apptainer = Path.Combine(_home, "apptainer");
        await File.WriteAllTextAsync(apptainer, "#!/bin/sh\n[ \"$1\" = --version ] && exit\necho \"FATAL: no $5 for you\" >&2\nexit 255\n");
        File.SetUnixFileMode(apptainer, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        string said = await RunAsync(Probe() with { Apptainer = apptainer, Networks = ["site"] });

        Assert.Contains("network site=FATAL: no site for you\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_runs_in_a_plain_shell_and_finds_the_file_and_the_port()
    {
        await File.WriteAllTextAsync(Path.Combine(_home, "mark"), "");
        using System.Net.Sockets.Socket listening = PortChooser.Take(null, System.Net.IPAddress.Loopback, _home);
        string endpoint = FormattableString.Invariant($"127.0.0.1:{PortChooser.PortOf(listening)}");

        string said = await RunAsync(new NodeProbe(_home, "mark", [endpoint], "no-such-apptainer"));

        Assert.Contains("shared=yes\n", said, StringComparison.Ordinal);
        Assert.Contains("apptainer=\n", said, StringComparison.Ordinal);
        Assert.Contains($"reached={endpoint}\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_plain_lines_and_its_exit_code_tells_whether_pods_can_run()
    {
        using var text = new StringWriter();
        var terminal = new Terminal(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }), text, TextWriter.Null);

        int code = DoctorCommand.Print([Finding.Fine("one", "is fine"), Finding.Broken("longer", "is not", "mend it")], isJson: false, terminal);

        Assert.Equal(ExitCodes.Unfit, code);
        Assert.Equal(
            "ok    one     is fine\nFAIL  longer  is not\n              → mend it\n\n1 of 2 checks must be mended before pods can run; each line above says how.\n",
            text.ToString());
        Assert.Equal(ExitCodes.Success, DoctorCommand.Print([Finding.Weak("one", "is slow", "nothing")], isJson: true, terminal));
    }

    private static async Task<string> RunAsync(NodeProbe probe)
    {
        var info = new ProcessStartInfo("sh", ["-s"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var shell = new Process { StartInfo = info };
        shell.Start();
        await shell.StandardInput.WriteAsync(probe.Script);
        shell.StandardInput.Close();
        return await shell.StandardOutput.ReadToEndAsync();
    }

    private NodeProbe Probe() => new(_home, "mark", ["login:6443"], "apptainer");
}
