using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Bounds the writes that wait for the disk. When it cannot keep up, clients get 429 before their objects fill the memory; the
/// server's own parts, which are few, wait in the store's queue.
/// </summary>
internal sealed class WriteGate
{
    /// <summary>Below the length of the store's queue, so that the server's own parts find a place there.</summary>
    public const int MostWaiting = 768;

    private int _waiting;

    /// <summary>Counts a write in; every call that returns is followed by <see cref="Leave"/>.</summary>
    /// <exception cref="ApiException">429: too many writes wait.</exception>
    public void Enter(UserInfo user)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting && !ReferenceEquals(user, UserInfo.Internal))
        {
            Leave();
            throw ApiErrors.TooManyRequests("too many writes are waiting to be stored, please try again later", 1);
        }
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);
}
