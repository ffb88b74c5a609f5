using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>How a document differs between two snapshots: null before when it is new, null after when it is gone.</summary>
public readonly record struct DocumentChange(ObjectDocument? Before, ObjectDocument? After);
