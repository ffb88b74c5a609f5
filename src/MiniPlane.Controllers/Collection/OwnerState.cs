namespace MiniPlane.Controllers.Collection;

/// <summary>What an owner reference points to.</summary>
internal enum OwnerState
{
    /// <summary>An object that is there, or one that could never own this dependent.</summary>
    Solid,

    /// <summary>Nothing, or another object of the same name.</summary>
    Absent,

    /// <summary>An object that is being deleted and waits for its dependents.</summary>
    WaitsForDependents,

    /// <summary>A kind that is not served: perhaps not yet, perhaps not any more.</summary>
    Unknown,
}
