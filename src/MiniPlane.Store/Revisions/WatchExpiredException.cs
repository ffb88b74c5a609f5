namespace MiniPlane.Store.Revisions;

/// <summary>The watcher asked for, or fell behind to, a revision whose events are gone. It must list again.</summary>
public sealed class WatchExpiredException(string message) : Exception(message);
