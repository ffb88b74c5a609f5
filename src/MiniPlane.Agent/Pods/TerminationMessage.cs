using System.Text;
using MiniPlane.Agent.Views;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Agent.Pods;

/// <summary>A container's last words: its terminationMessagePath, or the end of its log when the policy says so.</summary>
internal static class TerminationMessage
{
    private const int MostBytes = 4096;
    private const int MostLogBytes = 2048;
    private const int MostLogLines = 80;

    public static async ValueTask<string> ReadAsync(
        string file, ContainerView container, string podDirectory, int run, int exitCode, TimeProvider time, CancellationToken cancellationToken)
    {
        string text = ReadFile(file);
        if (text.Length > 0 || exitCode == 0 || container.TerminationMessagePolicy != "FallbackToLogsOnError")
        {
            return text;
        }

        LogSelection selection = new() { TailLines = MostLogLines };
        List<byte> log = [];
        await foreach (ReadOnlyMemory<byte> chunk in LogReader.ReadAsync(
            podDirectory, container.Name, run, selection, hasEnded: null, time, cancellationToken))
        {
            log.AddRange(chunk.Span);
        }

        return Encoding.UTF8.GetString([.. log.Skip(Math.Max(0, log.Count - MostLogBytes))]);
    }

    private static string ReadFile(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] bytes = new byte[MostBytes];
            return Encoding.UTF8.GetString(bytes.AsSpan(0, stream.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
