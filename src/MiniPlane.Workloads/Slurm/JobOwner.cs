namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Whose job is it. A job says so twice: by its comment, and by its working directory below this cluster's pod directory, so
/// that a user may have the comment for himself.
/// </summary>
internal sealed record JobOwner(string ClusterId, string PodsDirectory)
{
    public string CommentFor(string podUid) => $"miniplane:{ClusterId}:{podUid}";

    /// <summary>The pod's uid, or empty when the job is not one of this cluster.</summary>
    public string FindPodUid(string comment, string workingDirectory)
    {
        string start = CommentFor("");
        if (comment.StartsWith(start, StringComparison.Ordinal))
        {
            return comment[start.Length..];
        }

        string below = PodsDirectory.TrimEnd('/') + "/";
        return workingDirectory.StartsWith(below, StringComparison.Ordinal)
            && !workingDirectory.AsSpan(below.Length).Contains('/')
                ? workingDirectory[below.Length..]
                : "";
    }
}
