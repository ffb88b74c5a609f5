using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Tests.Slurm;

/// <summary>Answers programs by a script, and keeps a record of what was run.</summary>
internal sealed class ScriptedRunner : ICommandRunner
{
    private readonly Dictionary<string, Queue<CommandResult>> _answers = new(StringComparer.Ordinal);

    public List<CommandRequest> Ran { get; } = [];

    public IEnumerable<string> Programs => Ran.Select(request => request.Program);

    /// <summary>The next answer of a program; the last one is given again and again.</summary>
    public ScriptedRunner Answer(string program, string output = "", string error = "", int exitCode = 0, string? failure = null)
    {
        if (!_answers.TryGetValue(program, out Queue<CommandResult>? queue))
        {
            _answers[program] = queue = [];
        }

        queue.Enqueue(new CommandResult(exitCode, output, error, failure));
        return this;
    }

    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        Ran.Add(request);
        Queue<CommandResult> queue = _answers[request.Program];
        return ValueTask.FromResult(queue.Count > 1 ? queue.Dequeue() : queue.Peek());
    }
}
