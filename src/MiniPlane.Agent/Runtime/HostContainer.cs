using System.Diagnostics;

namespace MiniPlane.Agent.Runtime;

/// <summary>A container of the host runtime: a session of its own, killed as a process group.</summary>
internal sealed class HostContainer(LaunchThread launch, ContainerSetup setup, IReadOnlyDictionary<string, string> environment)
    : IRunningContainer
{
    private readonly string _setSid = ApptainerTools.Resolve("setsid") ?? "/usr/bin/setsid";
    private readonly string? _setPriv = ApptainerTools.Resolve("setpriv");
    private Process? _process;
    private ContainerProcess? _main;

    public IContainerProcess Main => _main ?? throw new InvalidOperationException("the container was not started");

    public int StopSignal => Signals.Terminate;

    public int? NamespaceHolder => null;

    public string? Shortcoming => null;

    public async Task StartMainAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        (_process, _main) = await RunAsync(command, setup.Stdin, cancellationToken);
    }

    public async ValueTask<IContainerProcess> ExecAsync(ExecSetup exec, CancellationToken cancellationToken)
    {
        (Process _, ContainerProcess process) = await RunAsync(exec.Command, exec.Stdin, cancellationToken);
        return process;
    }

    public IReadOnlyList<int> ProcessIds() => _process is { } process ? ProcessUsage.InSession(process.Id) : [];

    public void Kill()
    {
        if (_process is { } process)
        {
            Signals.Send(-process.Id, Signals.Kill);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Main.DisposeAsync();
        ScratchDirectory.Remove(setup.Scratch);
    }

    private async Task<(Process Process, ContainerProcess Container)> RunAsync(
        IReadOnlyList<string> command, bool stdin, CancellationToken cancellationToken)
    {
        ProcessStartInfo info = new(_setSid)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = setup.WorkingDirectory.Length > 0 ? setup.WorkingDirectory : setup.Scratch,
        };
        IEnumerable<string> arguments = _setPriv is null ? command : [_setPriv, "--pdeathsig", "KILL", "--", .. command];
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        Process process = await launch.StartAsync(info, cancellationToken);
        return (process, new ContainerProcess(process, stdin, static (id, signal) => Signals.Send(-id, signal)));
    }
}
