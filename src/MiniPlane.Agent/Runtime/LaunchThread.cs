using System.Collections.Concurrent;
using System.Diagnostics;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Starts processes from one thread that lives as long as the agent. A child that asked for a signal at its parent's death
/// (PR_SET_PDEATHSIG) gets it when the starting thread ends, and threads of the pool end when they like.
/// </summary>
internal sealed class LaunchThread : IDisposable
{
    private const int QueueLength = 256;

    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _queue = new(QueueLength);

    public LaunchThread()
    {
        Thread thread = new(Run) { IsBackground = true, Name = "launch" };
        thread.Start();
    }

    /// <summary>Starts a process; <see cref="System.ComponentModel.Win32Exception"/> when the program cannot be run.</summary>
    public Task<Process> StartAsync(ProcessStartInfo info, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((info, started), cancellationToken);
        return started.Task;
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Run()
    {
        foreach ((ProcessStartInfo info, TaskCompletionSource<Process> started) in _queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} was not started"));
            }
#pragma warning disable CA1031 // Handed to the caller who waits for it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                started.SetException(exception);
            }
        }
    }
}
