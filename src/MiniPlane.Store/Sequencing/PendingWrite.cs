using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>A write on its way through the sequencer, and its caller's answer.</summary>
internal sealed class PendingWrite(StoreWrite write)
{
    // Continuations must not run on the sequencer's thread: a caller that blocks would stop all writes.
    private readonly TaskCompletionSource<WriteOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreWrite Write => write;

    public Task<WriteOutcome> Answer => _answer.Task;

    public void Complete(WriteOutcome outcome) => _answer.TrySetResult(outcome);
}
