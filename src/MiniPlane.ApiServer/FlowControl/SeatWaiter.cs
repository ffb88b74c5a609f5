namespace MiniPlane.ApiServer.FlowControl;

/// <summary>A request that waits for seats; completes when it is given them.</summary>
internal sealed class SeatWaiter(int width) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public int Width => width;
}
