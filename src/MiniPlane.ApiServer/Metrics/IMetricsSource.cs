namespace MiniPlane.ApiServer.Metrics;

/// <summary>A part of the server with figures of its own for <c>/metrics</c>. Other rooms may register theirs, or just use a Meter.</summary>
public interface IMetricsSource
{
    void Write(MetricsText text);
}
