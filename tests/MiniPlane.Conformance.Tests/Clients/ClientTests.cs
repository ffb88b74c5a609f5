using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Clients;

/// <summary>The official clients of other languages do what their own guides show, exec in a real pod included.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClientTests(Cluster cluster)
{
    [Theory]
    [InlineData("/usr/bin/python3", "client.py", "python client: all as it should be")]
    [InlineData("node", "client.mjs", "javascript client: all as it should be")]
    public async Task A_client_creates_watches_applies_and_runs_commands(string program, string script, string said)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync("run", "shell", $"--image={cluster.Rig.Busybox}", "--", "sleep", "600");
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/shell", "--timeout=90s");

        string output = await kubectl.ScriptAsync(
            $"NODE_PATH={cluster.Rig.JavaScript} {program} {cluster.Rig.Sources}/tests/MiniPlane.Conformance.Tests/Clients/{script} \"$NAMESPACE\" shell");

        Assert.Contains(said, output, StringComparison.Ordinal);
    }
}
