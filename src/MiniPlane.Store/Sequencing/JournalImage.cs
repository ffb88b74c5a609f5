using System.Collections.Immutable;

namespace MiniPlane.Store.Sequencing;

/// <summary>What a journal holds when it is opened.</summary>
internal sealed record JournalImage
{
    /// <summary>A new store: its revision is 1, so that 0 is free to mean "any".</summary>
    public static readonly JournalImage Empty = new() { Revision = 1, Floor = 0, Collections = ImmutableDictionary<string, DocumentMap>.Empty, Changes = [] };

    public required long Revision { get; init; }

    /// <summary>Every change above this revision is in <see cref="Changes"/>.</summary>
    public required long Floor { get; init; }

    /// <summary>All current documents.</summary>
    public required IReadOnlyDictionary<string, DocumentMap> Collections { get; init; }

    /// <summary>In revision order.</summary>
    public required IReadOnlyList<CommittedChange> Changes { get; init; }
}
