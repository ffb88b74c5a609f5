using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The store answers reads. It has upstream's name, because monitoring asks for that.</summary>
internal sealed class StoreHealthCheck(IRevisionStore store) : IHealthCheck
{
    public string Name => "etcd";

    public bool IsForLiveness => true;

    public string? Problem() => store.Revision >= 0 ? null : "the store has no revision";
}
