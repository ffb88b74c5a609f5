using System.Threading.Channels;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// A subscription. The channel completes with <see cref="WatchExpiredException"/> when the reader was too slow, and without an
/// error when the store closes. Dispose to unsubscribe.
/// </summary>
public interface IStoreWatch : IDisposable
{
    ChannelReader<StoreEvent> Events { get; }
}
