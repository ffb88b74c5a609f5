using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Cluster;

/// <summary>The objects of one collection at one revision, sorted by namespace and name.</summary>
public sealed record ObjectList(long Revision, IReadOnlyList<ObjectDocument> Items);
