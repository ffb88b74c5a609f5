using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>Streams into a pod, by each way that kubectl has: WebSocket, and SPDY as older ones speak it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StreamTests(Cluster cluster)
{
    private const string CommandsBySpdy = "KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false";
    private const string ForwardsBySpdy = "KUBECTL_PORT_FORWARD_WEBSOCKETS=false";

    // The forward serves one connection after the other, and two at once.
    private const string Fetch = """
        said=$(mktemp)
        "$KUBECTL" --namespace "$NAMESPACE" port-forward pod/web :8080 >"$said" 2>&1 & forward=$!
        trap 'kill $forward; rm "$said"' EXIT
        for _ in $(seq 200); do
          port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$said")
          [ -z "$port" ] || break
          sleep 0.1
        done
        curl -sS --max-time 20 "http://127.0.0.1:$port/"
        curl -sS --max-time 20 "http://127.0.0.1:$port/" & curl -sS --max-time 20 "http://127.0.0.1:$port/" >/dev/null
        wait $!
        """;

    [Theory]
    [InlineData("KUBECTL_PORT_FORWARD_WEBSOCKETS=true")]
    [InlineData(ForwardsBySpdy)]
    public async Task Port_forward_reaches_a_server_in_the_pod(string transport)
    {
        await using Kubectl kubectl = await StartWebAsync();

        string fetched = await kubectl.ScriptAsync(Fetch, transport);

        Assert.Equal("hello from version 1\nhello from version 1\n", fetched);
    }

    [Fact]
    public async Task Exec_over_spdy_carries_both_outputs_input_and_exit_code()
    {
        await using Kubectl kubectl = await StartWebAsync();

        CommandResult failed = await kubectl.RunAsync(
            input: null, [CommandsBySpdy], "exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        CommandResult fed = await kubectl.RunAsync("three lines\nof\ninput", [CommandsBySpdy], "exec", "-i", "web", "--", "wc", "-l");

        Assert.Equal((7, "out\n"), (failed.ExitCode, failed.Output));
        Assert.Contains("err", failed.Error, StringComparison.Ordinal);
        Assert.Equal("2\n", fed.Output);
    }

    [Theory]
    [InlineData("KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true")]
    [InlineData(CommandsBySpdy)]
    public async Task A_terminal_has_the_size_of_the_users_and_leaves_with_the_exit_code(string transport)
    {
        await using Kubectl kubectl = await StartWebAsync();

        string shown = await kubectl.ScriptAsync(
            """
            export KUBECTL NAMESPACE
            script -qec 'stty cols 77 rows 33; "$KUBECTL" --namespace "$NAMESPACE" exec -it web -- sh -c "sleep 1; stty size; exit 7"; echo "left with $?"' /dev/null < <(sleep 10)
            """,
            transport);

        Assert.Contains("33 77", shown, StringComparison.Ordinal);
        Assert.Contains("left with 7", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true")]
    [InlineData(CommandsBySpdy)]
    public async Task What_is_piped_into_a_pod_comes_out_of_it_to_the_last_word(string transport)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        CommandResult said = await kubectl.RunAsync(
            "piped\nwords\n", [transport], "run", "pipe", "-i", "--rm", "--quiet", "--restart=Never", $"--image={cluster.Rig.Busybox}", "--", "cat");

        Assert.Equal((0, "piped\nwords\n"), (said.ExitCode, said.Output));
    }

    [Fact]
    public async Task A_debug_container_sees_its_targets_processes()
    {
        await using Kubectl kubectl = await StartWebAsync();

        await kubectl.OkAsync(
            "debug", "web", "--profile=general", "--target=web", "-c", "look", $"--image={cluster.Rig.Busybox}", "--", "sh", "-c", "ps | grep -c '[h]ttpd -f'");

        await kubectl.ShowsAsync("1\n", "logs", "web", "-c", "look");
    }

    [Theory]
    [InlineData("KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true")]
    [InlineData(CommandsBySpdy)]
    public async Task A_file_copied_in_and_out_is_the_same(string transport)
    {
        await using Kubectl kubectl = await StartWebAsync();

        string compared = await kubectl.ScriptAsync(
            """
            here=$(mktemp -d); trap 'rm -r "$here"' EXIT
            head -c 5000000 /dev/urandom >"$here/in"
            kubectl cp "$here/in" web:/tmp/file
            kubectl cp web:/tmp/file "$here/out"
            cmp "$here/in" "$here/out" && echo same
            """,
            transport);

        Assert.EndsWith("same\n", compared, StringComparison.Ordinal);
    }

    private async Task<Kubectl> StartWebAsync()
    {
        Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: web
                image: {{cluster.Rig.Busybox}}
                command: [sh, -c, 'exec httpd -f -p "$POD_IP:8080" -h /www']
                env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
            """);
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/web", "--timeout=90s");
        return kubectl;
    }
}
