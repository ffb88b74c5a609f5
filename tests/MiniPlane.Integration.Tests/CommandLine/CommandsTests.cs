using System.Text.Json.Nodes;
using MiniPlane.CommandLine;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class CommandsTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    [Fact]
    public void The_start_prints_the_lines_to_paste()
    {
        string said = cluster.Said;

        Assert.Contains($"  export KUBECONFIG={cluster.DataDirectory}/admin.conf", said, StringComparison.Ordinal);
        Assert.Contains("  kubectl get nodes", said, StringComparison.Ordinal);
        Assert.Contains($"  miniplane down --data-dir {cluster.DataDirectory}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_that_others_could_read_is_made_private_and_so_is_what_is_in_it()
    {
        const UnixFileMode Others = (UnixFileMode)0b111_111;

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(cluster.DataDirectory) & Others);
        Assert.All(
            Directory.EnumerateFileSystemEntries(cluster.DataDirectory, "*", SearchOption.AllDirectories),
            path => Assert.Equal((path, UnixFileMode.None), (path, File.GetUnixFileMode(path) & Others)));
    }

    [Fact]
    public async Task Status_shows_server_store_dns_and_nodes()
    {
        CommandRun status = new(0, "", "");
        await Eventually.TrueAsync(
            async () => (status = await cluster.RunAsync("status")).Output.Contains("Ready", StringComparison.Ordinal), "a node is ready");

        Assert.Equal(ExitCodes.Success, status.Code);
        Assert.Matches("(?m)^MiniPlane [0-9.]+ at https://127.0.0.1:[0-9]+ \\(host .*, process [0-9]+, up [0-9]+s\\)$", status.Output);
        Assert.Matches("(?m)^  backend  sim, 0 agents connected", status.Output);
        Assert.Matches("(?m)^  store    sqlite, [0-9]+ objects at revision [0-9]+", status.Output);
        Assert.Matches("(?m)^  dns      127.0.0.1:[0-9]+, zone cluster.local$", status.Output);
        Assert.Matches("(?m)^NODE +STATUS +PARTITION +CPU +MEMORY +GPU +PODS$", status.Output);
        Assert.Matches("(?m)^[0-9]+ pods", status.Output);
        Assert.DoesNotContain('\e', status.Output);
    }

    [Fact]
    public async Task Status_is_JSON_for_programs()
    {
        CommandRun status = await cluster.RunAsync("status", "-o", "json");

        var json = JsonNode.Parse(status.Output);
        Assert.True(json.Flag("running"));
        Assert.Equal("sim", json.Text("server", "backend", "name"));
        Assert.NotNull(json.Array("pods"));
        Assert.NotNull(json.Array("jobs"));
    }

    [Fact]
    public async Task A_second_start_says_who_runs_where_and_since_when()
    {
        CommandRun second = await cluster.RunAsync("up", "--backend", "sim");

        Assert.Equal(ExitCodes.AlreadyRunning, second.Code);
        Assert.Contains($"on host {Environment.MachineName}, process {Environment.ProcessId}, since 2", second.Errors, StringComparison.Ordinal);
        Assert.Contains("miniplane down", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_gets_a_kubeconfig_with_a_certificate_that_names_user_and_groups()
    {
        string file = Path.Combine(cluster.DataDirectory, "..", "alice.conf");

        CommandRun made = await cluster.RunAsync("kubeconfig", "user", "alice", "--group", "dev", "--group", "ops", "--file", file);

        Assert.Equal((ExitCodes.Success, ""), (made.Code, made.Errors));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var kubeconfig = Connection.Kubeconfig.Load(file);
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate = kubeconfig.Administrator();
        Assert.Contains("CN=alice", certificate.Subject, StringComparison.Ordinal);
        Assert.Contains("O=dev", certificate.Subject, StringComparison.Ordinal);
        Assert.Contains("O=ops", certificate.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_signed_into_the_group_that_may_do_everything()
    {
        CommandRun refused = await cluster.RunAsync("kubeconfig", "user", "eve", "--group", "system:masters");

        Assert.Equal(ExitCodes.Failure, refused.Code);
        Assert.Contains("kubectl create clusterrolebinding", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_explained_from_its_spec_to_its_job()
    {
        using var server = Connection.ServerConnection.Open(cluster.DataDirectory);
        await Eventually.TrueAsync(
            async () => await server.FindAsync("/api/v1/namespaces/default/serviceaccounts/default", "application/json", CancellationToken.None) is not null,
            "the namespace can take pods");
        var pod = JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"one"},"spec":{"containers":[{"name":"main","image":"busybox","resources":{"requests":{"cpu":"2"}}}]}}""") as JsonObject;
        await server.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/pods", pod, CancellationToken.None);
        CommandRun told = new(0, "", "");
        await Eventually.TrueAsync(
            async () =>
            {
                told = await cluster.RunAsync("explain", "pod", "one");
                return told.Output.StartsWith("Pod default/one: Running", StringComparison.Ordinal) && told.Output.Contains("started on", StringComparison.Ordinal);
            },
            "the pod runs and its job is seen");

        Assert.Matches("(?m)^SPEC     main: image busybox; asks for cpu 2$", told.Output);
        Assert.Matches("(?m)^         #SBATCH --cpus-per-task=2$", told.Output);
        Assert.Matches("(?m)^[0-9: -]+ pod        created$", told.Output);
        Assert.Matches("(?m)^NEXT     kubectl logs -n default one$", told.Output);
        Assert.Contains(Path.Combine(cluster.DataDirectory, "pod-logs", "default_one_"), told.Output, StringComparison.Ordinal);
        await server.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/pods/one?gracePeriodSeconds=0", null, CancellationToken.None);
    }

    [Fact]
    public async Task A_pod_that_does_not_exist_is_no_riddle()
    {
        CommandRun told = await cluster.RunAsync("explain", "pod", "team/none");

        Assert.Equal(ExitCodes.Failure, told.Code);
        Assert.Contains("no pod none in namespace team", told.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_pod_that_is_gone_the_place_of_its_logs_is_told()
    {
        string kept = Path.Combine(cluster.DataDirectory, "pod-logs", "team_gone_0a");
        Directory.CreateDirectory(kept);

        CommandRun told = await cluster.RunAsync("explain", "pod", "team/gone");

        Assert.Equal(ExitCodes.Failure, told.Code);
        Assert.Contains(kept, told.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_the_server_can_be_read()
    {
        CommandRun logs = await cluster.RunAsync("logs", "--tail", "-1");

        Assert.Contains("Pods run on the backend sim", logs.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("down")]
    [InlineData("kubeconfig")]
    [InlineData("logs")]
    [InlineData("down", "--cancel-jobs")]
    public async Task Where_no_cluster_is_each_command_says_how_to_start_one(params string[] command)
    {
        CommandRun run = await RunningCluster.RunOnAsync("/nowhere/at/all", command);

        Assert.Equal(ExitCodes.NotRunning, run.Code);
        Assert.Contains("`miniplane up --data-dir /nowhere/at/all`", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _miniplane miniplane")]
    [InlineData("zsh", "compdef _miniplane miniplane")]
    [InlineData("fish", "complete -f -c miniplane")]
    public async Task There_is_a_completion_script_for_each_shell(string shell, string part)
    {
        CommandRun run = await RunningCluster.RunOnAsync(null, "completion", shell);

        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_command_line_is_answered_with_the_way_to_its_help()
    {
        using var nothing = new StringWriter();
        System.CommandLine.ParseResult parsed = Commands.Create(new Terminal(Spectre.Console.AnsiConsole.Console, nothing, nothing)).Parse(["snapshot", "verify", "one", "--fiel"]);

        Assert.NotEmpty(parsed.Errors);
        Assert.Equal("miniplane snapshot verify --help", Commands.HelpFor(parsed));
    }
}
