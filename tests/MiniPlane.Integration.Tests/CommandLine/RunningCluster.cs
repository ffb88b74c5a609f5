using MiniPlane.CommandLine;
using MiniPlane.Configuration;
using MiniPlane.Hosting;
using Spectre.Console;

namespace MiniPlane.Integration.Tests.CommandLine;

/// <summary>A control plane of modelled nodes in this process, and the commands run beside it.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SharedText _serverOutput = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _root = Directory.CreateTempSubdirectory("miniplane-commands-").FullName;
    private Task _running = Task.CompletedTask;

    public string DataDirectory => Path.Combine(_root, "data");

    public string Said => _serverOutput.ToString();

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(DataDirectory);
        File.SetUnixFileMode(DataDirectory, (UnixFileMode)0b111_101_101);
        _running = ControlPlane.RunAsync(Options(), Terminal(_serverOutput, TextWriter.Null), _stop.Token);
        using var limit = new CancellationTokenSource(Patience);
        while (!Said.Contains("is ready", StringComparison.Ordinal))
        {
            Assert.False(_running.IsCompleted, _running.Exception?.ToString() ?? "The server ended.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await UntilStoppedAsync();
        _stop.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    public Task UntilStoppedAsync() => _running.WaitAsync(Patience, CancellationToken.None);

    /// <summary>Runs a command on this cluster as the program would.</summary>
    public Task<CommandRun> RunAsync(params string[] arguments) => RunOnAsync(DataDirectory, arguments);

    internal static async Task<CommandRun> RunOnAsync(string? dataDirectory, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] all = dataDirectory is null ? arguments : [.. arguments, "--data-dir", dataDirectory];
        int code = await Commands.Create(Terminal(output, errors)).Parse(all).InvokeAsync();
        return new CommandRun(code, output.ToString(), errors.ToString());
    }

    private static Terminal Terminal(TextWriter output, TextWriter errors) => new(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }),
        TextWriter.Synchronized(output),
        TextWriter.Synchronized(errors));

    private UpOptions Options() => UpOptions.From(SettingsReader.Read(
        setting => setting.Name switch
        {
            "data-dir" => DataDirectory,
            "backend" => "sim",
            "sim-nodes" => "3",
            "bind" => "127.0.0.1",
            _ => null,
        },
        _ => null,
        "/nowhere/site.yaml"));
}
