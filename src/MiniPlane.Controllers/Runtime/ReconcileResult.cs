namespace MiniPlane.Controllers.Runtime;

/// <summary>How a reconcile ended: done until something changes, or to be looked at again after a while.</summary>
public readonly record struct ReconcileResult(TimeSpan? Again)
{
    /// <summary>Nothing more to do until a watched object changes.</summary>
    public static readonly ReconcileResult Done = new(Again: null);

    /// <summary>Look again after <paramref name="delay"/>, even if nothing changes.</summary>
    public static ReconcileResult After(TimeSpan delay) => new(delay > TimeSpan.Zero ? delay : TimeSpan.Zero);

    /// <summary>The sooner of two results.</summary>
    public ReconcileResult Or(ReconcileResult other) => (Again, other.Again) switch
    {
        (null, _) => other,
        (_, null) => this,
        ({ } mine, { } theirs) => mine <= theirs ? this : other,
    };
}
