using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>A container that is a job step of several tasks. Its end is that of srun, which has the worst exit code of them.</summary>
internal sealed class TaskContainer(TaskRuntime runtime, ContainerSetup setup, ContainerProgram program, Process srun, LaunchThread launch)
    : IRunningContainer
{
    private const int Interrupt = 2;
    private readonly ContainerProcess _main = new(srun, setup.Stdin, Forward);

    public IContainerProcess Main => _main;

    public int StopSignal => program.StopSignal;

    public int? NamespaceHolder => null;

    public string? Shortcoming => setup.RunAsUser is > 0 || setup.RunAsGroup is > 0
        ? string.Create(CultureInfo.InvariantCulture, $"The tasks of container {setup.Name} run as the account, not as {setup.RunAsUser ?? 0}:{setup.RunAsGroup ?? 0}")
        : null;

    public async ValueTask<IContainerProcess> ExecAsync(ExecSetup exec, CancellationToken cancellationToken) => new ContainerProcess(
        await launch.StartAsync(runtime.ForExec(setup, program, exec.Command), cancellationToken),
        exec.Stdin,
        static (id, signal) => Signals.Send(id, signal));

    // The tasks are slurmstepd's; how much they use, Slurm's accounting tells.
    public IReadOnlyList<int> ProcessIds() => srun.HasExited ? [] : [srun.Id];

    public void Kill() => Main.Signal(Signals.Kill);

    public async ValueTask DisposeAsync()
    {
        await Main.DisposeAsync();
        ScratchDirectory.Remove(setup.Scratch);
    }

    // srun hands signals on to all tasks. Killed itself it would leave them; interrupted (--quit-on-interrupt) it kills them.
    private static void Forward(int process, int signal) => Signals.Send(process, signal == Signals.Kill ? Interrupt : signal);
}
