namespace MiniPlane.Workloads.Addresses;

/// <summary>Hands out pod addresses. A pod keeps its address for life, over restarts of this process too.</summary>
public interface IPodAddressAllocator
{
    /// <summary>The pod's address; empty when it is that of its host, which the agent tells.</summary>
    string Allocate(string podUid, bool isHostNetwork);

    /// <summary>Takes note of an address that a pod was given by an earlier process.</summary>
    void Reserve(string podUid, string address);

    void Release(string podUid);
}
