namespace MiniPlane.Controllers.Collection;

/// <summary>What an owner reference points to.</summary>
internal enum OwnerState
{
    /// <summary>An object that is there, or something that cannot be judged.</summary>
    Solid,

    /// <summary>Nothing, or another object of the same name.</summary>
    Absent,

    /// <summary>An object that is being deleted and waits for its dependents.</summary>
    WaitsForDependents,
}
