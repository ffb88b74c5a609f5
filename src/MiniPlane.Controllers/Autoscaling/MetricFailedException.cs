namespace MiniPlane.Controllers.Autoscaling;

/// <summary>A metric that cannot be had or computed now.</summary>
/// <param name="reason">The condition's and the event's reason (<c>FailedGetResourceMetric</c>).</param>
/// <param name="message">What is wrong.</param>
internal sealed class MetricFailedException(string reason, string message) : Exception(message)
{
    public string Reason => reason;
}
