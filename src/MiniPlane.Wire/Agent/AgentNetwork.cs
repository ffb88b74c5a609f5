namespace MiniPlane.Wire.Agent;

/// <summary>A network of the site, which Apptainer makes by CNI (<c>apptainer exec --net --network NAME</c>).</summary>
public sealed record AgentNetwork
{
    /// <summary>The network that Apptainer gives to whoever uses <c>--fakeroot</c>, and the only one it gives them.</summary>
    public const string Fakeroot = "fakeroot";

    /// <summary>As in the CNI configuration's <c>name</c>; several are separated by commas.</summary>
    public string Name { get; set; } = "";

    /// <summary>What <c>--network-args</c> says, each for a flag of its own.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>The Apptainer command on the compute nodes; "apptainer" if empty.</summary>
    public string Apptainer { get; set; } = "";
}
