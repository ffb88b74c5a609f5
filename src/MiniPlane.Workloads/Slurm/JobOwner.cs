namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Whose job is it. A job says so twice: by its comment, and by its working directory below this cluster's pod directory, so
/// that a user may have the comment for himself.
/// </summary>
internal sealed record JobOwner(string ClusterId, string PodsDirectory)
{
    public JobArrays Arrays { get; } = new(PodsDirectory);

    public string CommentFor(string podUid) => $"miniplane:{ClusterId}:{podUid}";

    /// <summary>How many tasks the array with this comment has; 0 for what is no array of this cluster.</summary>
    public int CountTasks(string comment)
    {
        string start = CommentFor(JobArrays.Prefix);
        return comment.StartsWith(start, StringComparison.Ordinal) ? Arrays.Count(comment[CommentFor("").Length..]) : 0;
    }

    /// <summary>The pod's uid, or empty when the job is not one of this cluster.</summary>
    public string FindPodUid(string comment, string workingDirectory, string jobId = "")
    {
        string start = CommentFor("");
        if (comment.StartsWith(start, StringComparison.Ordinal))
        {
            string name = comment[start.Length..];
            return name.StartsWith(JobArrays.Prefix, StringComparison.Ordinal) ? Arrays.FindPod(name, jobId) : name;
        }

        string below = PodsDirectory.TrimEnd('/') + "/";
        return workingDirectory.StartsWith(below, StringComparison.Ordinal)
            && !workingDirectory.AsSpan(below.Length).Contains('/')
                ? workingDirectory[below.Length..]
                : "";
    }
}
