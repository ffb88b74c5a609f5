using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>How a write ended. The list of cases is closed.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>Durable at the document's revision.</summary>
    public sealed record Written(ObjectDocument Document) : WriteOutcome;

    /// <summary>Nothing was written: the key is at another revision than expected. <paramref name="Current"/> is null if the key is free.</summary>
    public sealed record Stale(ObjectDocument? Current) : WriteOutcome;

    /// <summary>Nothing was written: the disk refused (full, read-only, I/O error). The store stays readable.</summary>
    public sealed record Refused(string Reason) : WriteOutcome;
}
