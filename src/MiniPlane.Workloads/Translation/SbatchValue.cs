namespace MiniPlane.Workloads.Translation;

/// <summary>Whether an option takes a value (getopt's three kinds).</summary>
internal enum SbatchValue
{
    None,
    Required,

    /// <summary>Only in the form <c>--name=value</c>.</summary>
    Optional,
}
