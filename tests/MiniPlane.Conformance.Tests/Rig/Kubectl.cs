using System.Text.Json.Nodes;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>The real kubectl of one release, run by the ordinary user in one namespace.</summary>
internal sealed class Kubectl(RigSettings rig, string kubeconfig, string @namespace, string release) : IAsyncDisposable
{
    public const string Newest = "1.35";
    public const string Older = "1.32";

    /// <summary>Long enough for an image, a job's start and a few polls on a busy machine.</summary>
    public static readonly TimeSpan PodLimit = TimeSpan.FromSeconds(90);

    public string Namespace => @namespace;

    public RigSettings Rig => rig;

    private string Program => Path.Combine(rig.Bin, release == Newest ? "kubectl" : $"kubectl-{release}");

    public async ValueTask DisposeAsync() => await RunAsync("delete", "namespace", @namespace, "--wait=false");

    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(input: null, [], arguments);

    public async Task<string> OkAsync(params string[] arguments) => (await RunAsync(arguments)).OrFail();

    public async Task<string> ApplyAsync(string yaml) => (await RunAsync(yaml, [], "apply", "-f", "-")).OrFail();

    /// <param name="input">What the command reads, or null.</param>
    /// <param name="environment">NAME=value settings beside KUBECONFIG.</param>
    /// <param name="arguments">The command line after <c>kubectl --namespace …</c>.</param>
    public Task<CommandResult> RunAsync(string? input, string[] environment, params string[] arguments)
    {
        (string file, string[] prefix) = rig.AsOrdinaryUser(
            [$"KUBECONFIG={kubeconfig}", .. environment, Program, "--namespace", @namespace]);
        return Command.RunAsync(file, [.. prefix, .. arguments], input, TimeSpan.FromMinutes(4));
    }

    /// <summary>Runs a shell script in which <c>kubectl</c> is this one, in its namespace.</summary>
    public async Task<string> ScriptAsync(string script, params string[] environment)
    {
        string start = $"set -eu; KUBECTL={Program}; NAMESPACE={@namespace}; kubectl() {{ \"$KUBECTL\" --namespace \"$NAMESPACE\" \"$@\"; }}\n";
        (string file, string[] prefix) = rig.AsOrdinaryUser([$"KUBECONFIG={kubeconfig}", .. environment, "bash", "-c"]);
        return (await Command.RunAsync(file, [.. prefix, start + script], limit: TimeSpan.FromMinutes(2))).OrFail();
    }

    /// <summary>Runs a script of assertions (see Tour/lib.sh), which tells itself what is not as it should be.</summary>
    public Task<CommandResult> TourAsync(string script, TimeSpan limit)
    {
        (string file, string[] prefix) = rig.AsOrdinaryUser(
            [$"KUBECONFIG={kubeconfig}", $"KUBECTL={Program}", $"NAMESPACE={@namespace}", $"RELEASE={release}", $"IMAGE={rig.Busybox}"]);
        return Command.RunAsync(file, [.. prefix, "bash", script], limit: limit);
    }

    /// <summary>Helm of the release that belongs to this kubectl's.</summary>
    public async Task<string> HelmAsync(params string[] arguments)
    {
        string helm = Path.Combine(rig.Bin, release == Newest ? "helm" : "helm-3.17");
        (string file, string[] prefix) = rig.AsOrdinaryUser([$"KUBECONFIG={kubeconfig}", helm, "--namespace", @namespace]);
        return (await Command.RunAsync(file, [.. prefix, .. arguments], limit: TimeSpan.FromMinutes(4))).OrFail();
    }

    public async Task<JsonNode> GetAsync(params string[] what) =>
        JsonNode.Parse(await OkAsync(["get", .. what, "-o", "json"])) ?? throw new InvalidOperationException("kubectl printed null");

    public Task<string> FieldAsync(string kind, string name, string path) =>
        OkAsync("get", kind, name, "-o", $"jsonpath={{{path}}}");

    /// <summary>Waits until a field of an object has the value; the object's description is in the failure.</summary>
    public Task FieldIsAsync(string kind, string name, string path, string value) =>
        ShowsAsync(value, ["get", kind, name, "-o", $"jsonpath={{{path}}}"], exactly: true);

    /// <summary>Waits until the command's output contains the text.</summary>
    public Task ShowsAsync(string text, params string[] arguments) => ShowsAsync(text, arguments, exactly: false);

    private async Task ShowsAsync(string text, string[] arguments, bool exactly)
    {
        CommandResult? last = null;
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    last = await RunAsync(arguments);
                    return exactly
                        ? string.Equals(last.Output, text, StringComparison.Ordinal)
                        : last.Output.Contains(text, StringComparison.Ordinal);
                },
                $"it says {text}",
                PodLimit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected: {text}\n{last}\n{await RunAsync("get", "pods,events", "-o", "wide")}");
        }
    }
}
