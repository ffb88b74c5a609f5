using MiniPlane.ApiServer.FlowControl;
using MiniPlane.ApiServer.Metrics;

namespace MiniPlane.ApiServer.Requests;

/// <summary>What the dispatcher must set right when a request ends, however it ends.</summary>
internal sealed class RequestCourse
{
    public required long Started { get; init; }

    /// <summary>The seats that it holds, or null.</summary>
    public FlowSeat? Seat { get; set; }

    public RequestSort Sort { get; set; } = RequestSort.Other;

    /// <summary>The server ended it to protect itself: its time was up, or something broke.</summary>
    public bool IsTerminated { get; set; }

    /// <summary>It runs as a watch or stream and no longer counts as in flight.</summary>
    public bool IsLasting { get; set; }
}
