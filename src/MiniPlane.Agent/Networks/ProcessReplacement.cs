using System.Runtime.InteropServices;

namespace MiniPlane.Agent.Networks;

/// <summary>Another program in the place of this one: same process id, same open streams, and no memory of this one.</summary>
internal static partial class ProcessReplacement
{
    private const int BrokenPipe = 13;

    /// <summary>Becomes the program; returns only to say why it could not.</summary>
    /// <param name="file">Its full path.</param>
    /// <param name="arguments">Its arguments, beginning with its name.</param>
    public static string Become(string file, IReadOnlyList<string> arguments)
    {
        // The runtime ignores this signal, and what is ignored stays so in whatever is started from here.
        _ = SetHandler(BrokenPipe, 0);
        nint[] list = [.. arguments.Select(Marshal.StringToCoTaskMemUTF8), 0];
        _ = Execute(file, list);
        string why = Marshal.GetLastPInvokeErrorMessage();
        foreach (nint argument in list)
        {
            Marshal.FreeCoTaskMem(argument);
        }

        return $"{file} cannot be run: {why}";
    }

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string file, nint[] arguments);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
