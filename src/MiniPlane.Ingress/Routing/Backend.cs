using System.Net;
using System.Runtime.CompilerServices;

namespace MiniPlane.Ingress.Routing;

/// <summary>The pods behind one port of a Service that are ready now; requests go to them in turn.</summary>
/// <param name="name">Namespace, Service and port.</param>
/// <param name="protocol">How it is spoken to.</param>
/// <param name="endpoints">Where the pods are.</param>
/// <param name="turn">Whose turn it is; it outlives this picture of the pods, for else each change would begin with the first again.</param>
internal sealed class Backend(string name, BackendProtocol protocol, IReadOnlyList<IPEndPoint> endpoints, StrongBox<int> turn)
{
    /// <summary>Namespace, Service and port, for messages.</summary>
    public string Name => name;

    public BackendProtocol Protocol => protocol;

    public IReadOnlyList<IPEndPoint> Endpoints => endpoints;

    /// <summary>All endpoints, each once, the next in turn first.</summary>
    public IEnumerable<IPEndPoint> InTurn()
    {
        int first = (int)((uint)Interlocked.Increment(ref turn.Value) % (uint)Math.Max(1, endpoints.Count));
        for (int i = 0; i < endpoints.Count; i++)
        {
            yield return endpoints[(first + i) % endpoints.Count];
        }
    }
}
