using System.Net;

namespace MiniPlane.Ingress.Routing;

/// <summary>The pods behind one port of a Service that are ready now; requests go to them in turn.</summary>
internal sealed class Backend(string name, BackendProtocol protocol, IReadOnlyList<IPEndPoint> endpoints)
{
    private int _next = -1;

    /// <summary>Namespace, Service and port, for messages.</summary>
    public string Name => name;

    public BackendProtocol Protocol => protocol;

    public IReadOnlyList<IPEndPoint> Endpoints => endpoints;

    /// <summary>All endpoints, each once, the next in turn first.</summary>
    public IEnumerable<IPEndPoint> InTurn()
    {
        int first = (int)((uint)Interlocked.Increment(ref _next) % (uint)Math.Max(1, endpoints.Count));
        for (int i = 0; i < endpoints.Count; i++)
        {
            yield return endpoints[(first + i) % endpoints.Count];
        }
    }
}
