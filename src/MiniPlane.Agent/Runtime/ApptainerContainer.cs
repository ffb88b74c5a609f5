namespace MiniPlane.Agent.Runtime;

/// <summary>A container of the Apptainer runtime.</summary>
internal sealed class ApptainerContainer(Sandbox sandbox, ContainerProgram program, IContainerProcess main, string scratch)
    : IRunningContainer
{
    public IContainerProcess Main => main;

    public int StopSignal => program.StopSignal;

    public ValueTask<IContainerProcess> ExecAsync(ExecSetup setup, CancellationToken cancellationToken) =>
        sandbox.RunAsync(program, setup.Command, setup.Stdin, setup.Tty, cancellationToken);

    public int? NamespaceHolder => sandbox.Holder;

    public string? Shortcoming => program.User.Shortcoming;

    public IReadOnlyList<int> ProcessIds() => sandbox.ProcessIds();

    public void Kill() => sandbox.Kill();

    public async ValueTask DisposeAsync()
    {
        await sandbox.DisposeAsync();
        await main.DisposeAsync();
        ScratchDirectory.Remove(scratch);
    }
}
