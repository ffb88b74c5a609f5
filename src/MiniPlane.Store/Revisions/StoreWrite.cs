using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// One intended change. <see cref="Draft"/> is the new content, for a deletion the last content (its event carries the deletion's
/// revision). <see cref="Expected"/> is the revision the caller last saw: 0 means the key must be free.
/// </summary>
public sealed record StoreWrite(StoreKey Key, long Expected, DraftDocument Draft, bool IsDelete);
