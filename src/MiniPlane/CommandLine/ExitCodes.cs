namespace MiniPlane.CommandLine;

/// <summary>What the process returns to the shell; documented in docs/command-line.md.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something failed at run time; the message says what.</summary>
    public const int Failure = 1;

    /// <summary>A flag, setting or file that the user gave is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Another MiniPlane owns the data directory.</summary>
    public const int AlreadyRunning = 3;

    /// <summary>The store or a snapshot is damaged. Nothing of it was used.</summary>
    public const int Damaged = 4;

    /// <summary>No server runs there.</summary>
    public const int NotRunning = 5;

    /// <summary><c>doctor</c> found something that must be mended.</summary>
    public const int Unfit = 6;
}
