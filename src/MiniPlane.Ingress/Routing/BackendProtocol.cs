namespace MiniPlane.Ingress.Routing;

/// <summary>How a backend is spoken to.</summary>
internal enum BackendProtocol
{
    Http,
    Https,

    /// <summary>HTTP/2 without TLS, as gRPC servers in a cluster speak it.</summary>
    Http2,
    Https2,
}
