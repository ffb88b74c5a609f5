namespace MiniPlane.Workloads.Addresses;

/// <summary>Where pods' addresses come from.</summary>
public enum PodNetworkMode
{
    /// <summary><see cref="Loopback"/> where all jobs run on this host, else <see cref="Node"/>.</summary>
    Auto,

    /// <summary>A pod has the address of the host that runs it.</summary>
    Node,

    /// <summary>
    /// A pod has an address of its own from the loopback network, so that two pods of one host can listen on the same port.
    /// </summary>
    Loopback,
}
