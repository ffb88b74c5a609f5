using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// What a watcher is after, when it is less than a namespace: documents for which a value equals <paramref name="Value"/>. Watchers
/// are found by it, so that a change costs nothing to those whom it does not concern.
/// </summary>
/// <param name="Name">Tells values apart; the same name always means the same <paramref name="Read"/>.</param>
/// <param name="Value">The value wanted.</param>
/// <param name="Read">Reads the value of a document, null when it has none. Runs while changes are handed out: it must be quick and not throw.</param>
public sealed record StoreTopic(string Name, string Value, Func<ObjectDocument, string?> Read);
