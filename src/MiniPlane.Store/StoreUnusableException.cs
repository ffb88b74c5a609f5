namespace MiniPlane.Store;

/// <summary>The store's files cannot be opened as they are. The message says why and what can be done, in words for the user.</summary>
public sealed class StoreUnusableException(string message, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>What is there is not what was written.</summary>
    public bool IsDamage { get; init; }
}
