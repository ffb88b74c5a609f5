using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// What one list request answers: the items in order, the token for the next page (or empty) and how many objects follow, when that
/// is known.
/// </summary>
internal sealed record ListPage(long Revision, IReadOnlyList<ObjectDocument> Items, string Continue, long? Remaining);
