using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Runtime;

/// <summary>Signals to processes by number, as in signal(7) on Linux.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal; one that has ended already is no error. A negative id means the process group.</summary>
    public static void Send(int processId, int signal) => _ = SendNative(processId, signal);

    /// <summary>Linux's own numbers for the names that an image's StopSignal may have.</summary>
    public static int Parse(string? name)
    {
        string text = name?.StartsWith("SIG", StringComparison.Ordinal) == true ? name[3..] : name ?? "";
        return text switch
        {
            "HUP" => 1,
            "INT" => 2,
            "QUIT" => 3,
            "KILL" => Kill,
            "USR1" => 10,
            "USR2" => 12,
            "TERM" => Terminate,
            "WINCH" => 28,
            _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65 ? number : Terminate,
        };
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendNative(int processId, int signal);
}
