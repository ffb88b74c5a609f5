namespace MiniPlane.ApiServer.FlowControl;

/// <summary>The seats of a level that a request holds: one, or more for a long list.</summary>
internal readonly record struct FlowSeat(PriorityLevel Level, int Width)
{
    public void Leave() => Level.Leave(Width);
}
