using System.Diagnostics;

namespace MiniPlane.Agent.Runtime;

/// <summary>A program whose streams are pipes. What signals reach is looked up when one is sent: the starter is not the program.</summary>
internal sealed class ContainerProcess : IContainerProcess
{
    private readonly Process _process;
    private readonly Action<int, int> _signal;

    public ContainerProcess(Process process, bool hasInput, Action<int, int> signal)
    {
        _process = process;
        _signal = signal;
        if (hasInput)
        {
            Input = process.StandardInput.BaseStream;
        }
        else
        {
            process.StandardInput.Close();
        }

        Exit = WaitAsync();
    }

    public Stream? Input { get; }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream? Errors => _process.StandardError.BaseStream;

    public Task<ProcessExit> Exit { get; }

    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _signal(_process.Id, signal);
        }
    }

    public void Resize(int columns, int rows)
    {
    }

    public async ValueTask DisposeAsync()
    {
        Signal(Signals.Kill);
        await Exit;
        _process.Dispose();
    }

    private async Task<ProcessExit> WaitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        return new ProcessExit(_process.ExitCode);
    }
}
