namespace MiniPlane.Controllers.Autoscaling;

/// <summary>One pod's figure, in thousandths: the mean over <paramref name="Window"/> before <paramref name="Time"/>.</summary>
internal sealed record PodFigure(long Milli, DateTimeOffset Time, TimeSpan Window);
