namespace MiniPlane.Agent.Runtime;

/// <summary>
/// A sandbox that is being opened while the control plane is still being dialled, for the container that will most likely want it. It is
/// taken only by a start that would tell Apptainer exactly the same; else it is closed, as if it had never been.
/// </summary>
/// <param name="container">The container's name.</param>
/// <param name="program">The Apptainer that opens it.</param>
/// <param name="arguments">What it was told.</param>
/// <param name="scratch">The run's directory, removed with a sandbox that nobody took.</param>
/// <param name="open">Opens it; ended by its token.</param>
internal sealed class EarlySandbox(
    string container, string program, IReadOnlyList<string> arguments, string scratch, Func<CancellationToken, Task<Sandbox>> open) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task<Sandbox>? _opening;
    private int _isTaken;

    /// <summary>Whether a start has taken it.</summary>
    public bool WasUsed { get; private set; }

    public EarlySandbox Begin()
    {
        _opening = open(_end.Token);
        return this;
    }

    /// <summary>The sandbox, or null when the start has to open its own.</summary>
    public async ValueTask<Sandbox?> TakeAsync(
        ContainerSetup setup, string wanted, Func<IReadOnlyList<string>> told, CancellationToken cancellationToken)
    {
        if (setup.Name != container || Volatile.Read(ref _isTaken) == 1 || _opening is not { } opening)
        {
            return null;
        }

        if (setup.Scratch != scratch || wanted != program || !told().SequenceEqual(arguments, StringComparer.Ordinal))
        {
            await DisposeAsync();
            return null;
        }

        // Why it could not be opened, the start that is to come finds out for itself.
        await ((Task)opening).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!opening.IsCompletedSuccessfully || Interlocked.Exchange(ref _isTaken, 1) == 1)
        {
            return null;
        }

        WasUsed = true;
        return await opening;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 1 || _opening is not { } opening)
        {
            _end.Dispose();
            return;
        }

        await _end.CancelAsync();
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }

        ScratchDirectory.Remove(scratch);
    }
}
