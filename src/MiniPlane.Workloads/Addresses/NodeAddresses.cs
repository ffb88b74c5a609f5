namespace MiniPlane.Workloads.Addresses;

/// <summary>Pods have their host's address: nothing to hand out.</summary>
internal sealed class NodeAddresses : IPodAddressAllocator
{
    public string Allocate(string podUid, bool isHostNetwork) => "";

    public void Reserve(string podUid, string address)
    {
    }

    public void Release(string podUid)
    {
    }
}
