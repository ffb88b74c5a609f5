using MiniPlane.Agent.Runtime;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Networks;

/// <summary>
/// How an agent gets into a network of the site. Apptainer runs it in a container that has the network and all else of the node; the
/// containers that the agent starts then share that network, as those of a pod do. Pure.
/// </summary>
internal sealed record NetworkCommand
{
    /// <summary>Apptainer's full path.</summary>
    public required string Apptainer { get; init; }

    public required AgentNetwork Network { get; init; }

    public required NetworkFolder Folder { get; init; }

    /// <summary>Directories of the node's root.</summary>
    public required IReadOnlyList<string> Binds { get; init; }

    /// <summary>The agent's program and first arguments, up to and with the configuration.</summary>
    public required IReadOnlyList<string> Agent { get; init; }

    /// <summary>The node's address.</summary>
    public required string HostIp { get; init; }

    /// <summary>Arguments of env(1) that undo what Apptainer sets.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Variables that would change what Apptainer does: a user's own APPTAINER_BIND, for one.</summary>
    public IReadOnlyList<string> Forgotten { get; init; } = [];

    /// <summary>Root's capabilities, which Apptainer may take away from root, too; empty for other users.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public bool IsRoot { get; init; }

    /// <summary>Files of the node that look different inside.</summary>
    public IReadOnlyList<string> SubordinateFiles { get; init; } = [];

    /// <summary>
    /// What the job's shell does: starts Apptainer, hands on the signal that ends the job, and tells a network that could not be had from
    /// an agent that ended.
    /// </summary>
    public string ToScript() => $"""
        {(Forgotten.Count > 0 ? $"unset {string.Join(' ', Forgotten)}" : ":")}
        child=; ended=
        trap 'ended=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT
        {Words(ApptainerArguments())} 2>>{Quote(Folder.Errors)} &
        child=$!
        while :; do wait "$child"; code=$?; kill -0 "$child" 2>/dev/null || break; done
        if [ -e {Quote(Folder.Up)} ]; then exit "$code"; fi
        if [ -n "$ended" ]; then exit 143; fi
        exec {Words([.. Agent, AgentStart.NetworkFailed])}
        """;

    /// <summary>
    /// Apptainer forces its fakeroot network upon users of <c>--fakeroot</c>, and gives it to nobody else; other networks are for users
    /// whom the administrator has named.
    /// </summary>
    internal bool UsesFakeroot => !IsRoot && Network.Name == AgentNetwork.Fakeroot;

    internal IReadOnlyList<string> ApptainerArguments()
    {
        List<string> arguments = [Apptainer, "-q", "exec", "--no-eval"];
        if (UsesFakeroot)
        {
            arguments.Add("--fakeroot");
        }

        if (IsRoot && Capabilities.Count > 0)
        {
            arguments.AddRange(["--add-caps", string.Join(',', Capabilities)]);
        }

        arguments.AddRange(["--net", "--network", Network.Name]);
        foreach (string argument in Network.Arguments)
        {
            arguments.AddRange(["--network-args", argument]);
        }

        // sys with what is mounted in it (cgroups): Apptainer's own would be bare.
        arguments.AddRange(["--no-mount", "home,tmp,cwd,bind-paths,hostfs,sys"]);
        foreach (string directory in Binds.Append("/sys"))
        {
            Runtime.ApptainerArguments.AddMount(arguments, new Mount(directory, directory, ReadOnly: false));
        }

        foreach (string file in SubordinateFiles)
        {
            Runtime.ApptainerArguments.AddMount(arguments, new Mount(Folder.SubordinateIds, file, ReadOnly: true));
        }

        // What the agent says goes where the job's output goes; what Apptainer says is kept apart.
        arguments.AddRange(
        [
            "--cwd", Folder.PodDirectory, Folder.Root,
            "/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", "/usr/bin/env", .. Environment, .. Agent, AgentStart.InNetwork, HostIp,
        ]);
        return arguments;
    }

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
