namespace MiniPlane.Store.Integrity;

/// <summary>What a user reads when the data is damaged: what was found, and what to type.</summary>
internal static class DamageAdvice
{
    /// <param name="path">The data file.</param>
    /// <param name="finding">The end of a sentence about the file.</param>
    /// <param name="restoreCommand">Restores the newest snapshot.</param>
    /// <param name="cause">What found it.</param>
    public static StoreUnusableException Unusable(string path, string finding, string restoreCommand, Exception cause) => new(
        $"The cluster's data in {path} cannot be opened: {finding} Nothing of it was served. Restore a snapshot:\n  {restoreCommand}\n"
            + $"or, to start an empty cluster, move {Path.GetDirectoryName(path)} away.",
        cause)
    {
        IsDamage = true,
    };
}
