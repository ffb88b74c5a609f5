using LiteDB;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.LiteDb;

/// <summary>Why the files cannot be written or opened, in plain words.</summary>
internal static class LiteDbRefusal
{
    // errno values; .NET gives them as HResult.
    private const int IoError = 5;
    private const int FileTooLarge = 27;
    private const int NoSpaceLeft = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;

    public static bool IsFull(Exception exception) => exception is IOException { HResult: NoSpaceLeft or QuotaExceeded or FileTooLarge };

    /// <summary>What stopped a write, for clients: no paths.</summary>
    public static string ExplainWrite(Exception exception) => exception switch
    {
        _ when IsFull(exception) => "no space is left for the cluster's data",
        IOException { HResult: ReadOnly } or UnauthorizedAccessException => "the cluster's data file is read-only",
        IOException { HResult: IoError } => "the disk of the cluster's data reported an error",
        DamagedDataException or LiteException { ErrorCode: LiteException.INVALID_DATAFILE_STATE } => "the cluster's data file is damaged",
        _ => "the cluster's data could not be written",
    };

    /// <summary>What stopped the store from opening, for the person at the terminal. Whatever LiteDB throws while it reads is damage.</summary>
    public static StoreUnusableException ExplainOpen(string path, Exception exception, string restoreCommand)
    {
        string? reason = exception switch
        {
            DamagedDataException => exception.Message,
            InvalidDataException => null,
            UnauthorizedAccessException => null,
            IOException => null,
            _ => "it is damaged or not a MiniPlane data file.",
        };
        return reason is not null
            ? DamageAdvice.Unusable(path, reason, restoreCommand, exception)
            : new StoreUnusableException($"The cluster's data in {path} cannot be opened: {Explain(exception)}", exception);
    }

    private static string Explain(Exception exception) => exception switch
    {
        UnauthorizedAccessException or IOException { HResult: ReadOnly } => "this user may not write there, or it is read-only.",
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => "the disk is full.",
        IOException when exception.Message.Contains("being used by another process", StringComparison.Ordinal) => "another process has it open.",
        _ => exception.Message,
    };
}
