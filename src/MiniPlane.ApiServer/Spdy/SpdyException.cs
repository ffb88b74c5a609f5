namespace MiniPlane.ApiServer.Spdy;

/// <summary>The other side does not keep to SPDY/3.1, or asks for more than a connection may hold; the connection ends.</summary>
internal sealed class SpdyException(string message) : Exception(message);
