using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace MiniPlane.Agent.Runtime;

/// <summary>A program in a container with a pseudo-terminal as its controlling terminal.</summary>
internal sealed class TerminalProcess : IContainerProcess
{
    private readonly Process _process;
    private readonly Terminal _terminal;
    private readonly FileStream _stream;
    private readonly Action<int, int> _signal;

    private TerminalProcess(Process process, Terminal terminal, Action<int, int> signal)
    {
        _process = process;
        _terminal = terminal;
        _signal = signal;
        _stream = new FileStream(new SafeFileHandle(terminal.Descriptor, ownsHandle: false), FileAccess.ReadWrite, bufferSize: 0);
        Output = new TerminalStream(_stream);
        Exit = WaitAsync();
    }

    public Stream? Input => Output;

    public Stream Output { get; }

    public Stream? Errors => null;

    public Task<ProcessExit> Exit { get; }

    public static async ValueTask<IContainerProcess> StartAsync(
        ApptainerTools tools,
        LaunchThread launch,
        int container,
        IReadOnlyList<string> enterArguments,
        IReadOnlyDictionary<string, string> environment,
        Action<int, int> signal,
        CancellationToken cancellationToken)
    {
        var terminal = Terminal.Open(container);

        // A shell of the node opens the terminal, setsid makes it the controlling one: .NET can start a process on pipes only.
        ProcessStartInfo info = new("/bin/sh")
        {
            ArgumentList = { "-c", "t=$1; shift; exec \"$0\" --ctty \"$@\" <>\"$t\" >&0 2>&1", tools.SetSid, terminal.Path, tools.NsEnter },
        };
        foreach (string argument in enterArguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        info.Environment.TryAdd("TERM", "xterm");
        Process process = await launch.StartAsync(info, cancellationToken);
        return new TerminalProcess(process, terminal, signal);
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _signal(_process.Id, signal);
        }
    }

    public void Resize(int columns, int rows) => _terminal.Resize(columns, rows);

    public async ValueTask DisposeAsync()
    {
        Signal(Signals.Kill);
        await Exit;
        await _stream.DisposeAsync();
        _terminal.Dispose();
        _process.Dispose();
    }

    private async Task<ProcessExit> WaitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);

        // Until now, since the program opens its side at its own time.
        _terminal.Release();
        return new ProcessExit(_process.ExitCode);
    }
}
