namespace MiniPlane.Workloads.Slurm;

/// <summary>Tells "Slurm says no" from "Slurm does not answer" by the words of its programs.</summary>
internal static class SlurmFailures
{
    // From slurm_errno.c and the programs: trouble on the way to slurmctld, or slurmctld not able to serve for the moment.
    private static readonly string[] NoAnswer =
    [
        "Unable to contact slurm controller",
        "Socket timed out",
        "Zero Bytes were transmitted",
        "in standby mode",
        "Connection refused",
        "Connection timed out",
        "Connection reset",
        "No route to host",
        "Transport endpoint is not connected",
        "Communication connection failure",
        "Communications connection failure",
        "Unable to establish configuration source",
        "Unable to process configuration file",
        "Unexpected message received",
        "Slurm temporarily unable to accept job",
        "Resource temporarily unavailable",
        "Insane message length",
        "authentication error",
        "Invalid authentication credential",
        "Munge encode failed",
        "munge.socket",
        "did not answer within",
        "No such file or directory",
        "Too many open files",
    ];

    private static readonly string[] Limits =
    [
        "MaxSubmitJob",
        "QOSMaxSubmit",
        "AssocMaxSubmit",
        "AssocGrpSubmit",
        "QOSGrpSubmit",
        "job submit limit",
        "Job limit reached",
        "maximum number of jobs",
        "Maximum job count",
    ];

    public static bool IsNoAnswer(CommandResult result) => result.Failure is not null || IsNoAnswer(result.Error);

    public static bool IsNoAnswer(string complaint) => Has(complaint, NoAnswer);

    /// <summary>
    /// A limit on the number of jobs, not on what one asks for. Slurm answers several limits with one sentence; where it names the
    /// reason that counts, and the sentence alone is taken as a limit too, since waiting does no harm.
    /// </summary>
    public static bool IsLimit(string complaint) => Has(complaint, Limits);

    public static bool IsUnknownJob(string complaint) => complaint.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    private static bool Has(string complaint, string[] words) => words.Any(part => complaint.Contains(part, StringComparison.OrdinalIgnoreCase));
}
