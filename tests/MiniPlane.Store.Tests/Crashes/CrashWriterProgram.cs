using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// The process that is killed: this test assembly started as a program. It writes under load and prints each intention before the
/// write and each acknowledgement after it; what it printed stays in the pipe when it dies.
/// </summary>
internal static class CrashWriterProgram
{
    private const int Writers = 8;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [string target, string path, string seed])
        {
            return 2;
        }

        await using Stream output = Output();
        var gate = new Lock();
        await using IRevisionStore store = CrashTargets.Find(target).Open(CrashTargets.Options(path));
        IEnumerable<Task> writers = Enumerable.Range(0, Writers).Select(number => new LoadWriter(
            store,
            number,
            int.Parse(seed, CultureInfo.InvariantCulture),
            (key, content) => Print(output, gate, string.Create(CultureInfo.InvariantCulture, $"I {key} {content ?? 0}\n")),
            (key, revision) => Print(output, gate, string.Create(CultureInfo.InvariantCulture, $"A {key} {revision}\n")))
            .RunAsync(int.MaxValue, CancellationToken.None));
        await Task.WhenAll(writers);
        return 0;
    }

    [SuppressMessage("ApiDesign", "RS0030", Justification = "This program talks to its parent by its standard output.")]
    private static Stream Output() => Console.OpenStandardOutput();

    private static void Print(Stream output, Lock gate, string line)
    {
        lock (gate)
        {
            output.Write(Encoding.ASCII.GetBytes(line));
        }
    }
}
