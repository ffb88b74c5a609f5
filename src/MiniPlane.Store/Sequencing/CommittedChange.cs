using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>One change of a batch, with the place it happens at.</summary>
internal readonly record struct CommittedChange(StoreKey Key, StoreEvent Event);
