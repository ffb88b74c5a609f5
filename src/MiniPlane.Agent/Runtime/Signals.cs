using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>Signals to processes by number, as in signal(7) on Linux.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    // As C libraries count them: they keep two for themselves.
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Sends a signal; one that has ended already is no error. A negative id means the process group.</summary>
    public static void Send(int processId, int signal) => _ = SendNative(processId, signal);

    /// <summary>Linux's own numbers for the names that an image's StopSignal may have.</summary>
    public static int Parse(string? name)
    {
        string text = name?.StartsWith("SIG", StringComparison.Ordinal) == true ? name[3..] : name ?? "";
        return text switch
        {
            "RTMIN" => FirstRealTime,
            "RTMAX" => LastRealTime,
            _ when text.StartsWith("RTMIN+", StringComparison.Ordinal) && int.TryParse(text[6..], NumberStyles.None, CultureInfo.InvariantCulture, out int more)
                => Math.Min(FirstRealTime + more, LastRealTime),
            _ when Array.IndexOf(Names, text) is >= 0 and var index => index + 1,
            _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65 ? number : Terminate,
        };
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendNative(int processId, int signal);
}
