using System.Diagnostics;

namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>Runs programs with a limit; what outlives it is killed with all its children.</summary>
internal static class Command
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(90);

    public static async Task<CommandResult> RunAsync(
        string file, IReadOnlyList<string> arguments, string? input = null, TimeSpan? limit = null)
    {
        using Process process = Start(file, arguments);
        using var timer = new CancellationTokenSource(limit ?? DefaultLimit, TimeProvider.System);
        string text = $"{Path.GetFileName(file)} {string.Join(' ', arguments)}";
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timer.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timer.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), timer.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timer.Token);
            return new CommandResult(text, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Not within {(limit ?? DefaultLimit).TotalSeconds} s: {text}", exception);
        }
    }

    /// <summary>Starts a program and leaves it running; its standard streams belong to the caller.</summary>
    public static Process Start(string file, IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{file} did not start");
}
