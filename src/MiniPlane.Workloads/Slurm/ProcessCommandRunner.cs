using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Runs real processes, at most a few at a time, each with a time limit and a bound on what it may print, by the way that leads to
/// the site's programs.
/// </summary>
internal sealed class ProcessCommandRunner(SlurmRoute route, TimeProvider time) : ICommandRunner, IDisposable
{
    private const int LongestOutput = 64 * 1024 * 1024;
    private const int LongestError = 64 * 1024;
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _slots = new(8);

    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await RunNowAsync(request, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<CommandResult> RunNowAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        TimeSpan limit = request.TimeLimit ?? DefaultLimit;
        using var limited = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        if (ToStartInfo(request) is not { } info)
        {
            return new CommandResult(-1, "", "", route.Text);
        }

        using var process = new Process { StartInfo = info };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new CommandResult(-1, "", "", $"{process.StartInfo.FileName}: {exception.Message}");
        }

        try
        {
            Task<string?> output = ReadAsync(process.StandardOutput, LongestOutput, linked.Token);
            Task<string?> error = ReadAsync(process.StandardError, LongestError, linked.Token);
            await WriteInputAsync(process, request.Input, linked.Token);
            string? printed = await output;
            string complaint = await error ?? "(more than can be shown)";
            await process.WaitForExitAsync(linked.Token);
            string? failure = printed is null ? $"{request.Program} printed too much"
                : process.ExitCode == route.NotReachedExitCode ? $"{route.Text}: {complaint.Trim()}"
                : null;
            return new CommandResult(process.ExitCode, printed ?? "", complaint, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CommandResult(-1, "", "", $"{request.Program} did not answer within {limit.TotalSeconds:0} s");
        }
        finally
        {
            Stop(process);
        }
    }

    private ProcessStartInfo? ToStartInfo(CommandRequest request)
    {
        var environment = new ProcessStartInfo().Environment;
        CommandEnvironment.Clean(environment);
        IReadOnlyList<string> words = route.ToWords(request, environment.AsReadOnly());
        if (words.Count == 0)
        {
            return null;
        }

        var info = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = request.WorkingDirectory ?? "",
        };
        CommandEnvironment.Clean(info.Environment);
        if (route.ExtraPath.Length > 0)
        {
            info.Environment["PATH"] = $"{info.Environment["PATH"]}:{route.ExtraPath}";
        }

        foreach ((string name, string value) in request.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code says what it thinks of it.
        }
    }

    private static async Task<string?> ReadAsync(StreamReader reader, int longest, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        char[] buffer = new char[16 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length <= longest)
            {
                text.Append(buffer, 0, read);
            }
        }

        return text.Length > longest ? null : text.ToString();
    }

    private static void Stop(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between.
        }
    }
}
