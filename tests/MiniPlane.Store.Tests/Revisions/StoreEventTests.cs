using System.Runtime.CompilerServices;
using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Revisions;

public sealed class StoreEventTests
{
    private readonly StoreEvent _event = new(ClusterEventType.Added, Draft(Pod("a")).Stamp(2), null);

    [Fact]
    public void A_frame_is_shared_while_someone_sends_it()
    {
        byte[] frame = new byte[10];

        _event.Frame = frame;

        GC.Collect();
        Assert.Same(frame, _event.Frame);
        GC.KeepAlive(frame);
    }

    [Fact]
    public void A_frame_does_not_outlive_those_who_send_it()
    {
        MakeFrame();

        GC.Collect();

        Assert.Null(_event.Frame);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MakeFrame() => _event.Frame = new byte[10];
}
