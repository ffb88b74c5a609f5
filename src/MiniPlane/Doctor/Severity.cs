namespace MiniPlane.Doctor;

/// <summary>What a finding means for the cluster.</summary>
internal enum Severity
{
    Fine,

    /// <summary>It works, but less well, or not for everything.</summary>
    Weak,

    /// <summary>Pods cannot run until it is mended.</summary>
    Broken,
}
