using System.Diagnostics;
using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Containers by unprivileged Apptainer. Apptainer makes the namespaces and the root file system and runs a small program that
/// holds them (<see cref="HolderProgram"/>); the container's program, and every exec, enters them with nsenter. So the environment
/// is exactly the pod's, the user can be any mapped one, exit codes and signals are the program's own, and an exec costs
/// milliseconds.
/// </summary>
internal sealed class ApptainerRuntime(ApptainerTools tools, LaunchThread launch, TimeProvider time) : IContainerRuntime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    // Guards _shared, the sandbox whose process namespace the pod's containers share.
    private readonly Lock _gate = new();
    private Task<Sandbox>? _shared;

    public string Name => "apptainer";

    public string Version => tools.Version;

    public bool UsesImages => true;

    /// <summary>What was begun for one of the containers before they were known.</summary>
    public EarlySandbox? Early { get; set; }

    /// <summary>Begins to open a sandbox; of the setup, only what Apptainer is told counts.</summary>
    public EarlySandbox Begin(ContainerSetup outline) => new EarlySandbox(
        outline.Name, tools.Apptainer, ToldOf(outline), outline.Scratch, token => OpenAsync(outline, join: null, token)).Begin();

    public async ValueTask<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        int? join = setup.JoinProcessesOf ?? (setup.SharesProcesses ? await ShareAsync(setup, cancellationToken) : null);
        Sandbox? sandbox = null;
        try
        {
            sandbox = await TakeOrOpenAsync(setup, join, cancellationToken);
            ContainerUser user = await ContainerUser.FindAsync(sandbox, setup, cancellationToken);
            ImageConfig image = setup.Image.Config ?? sandbox.ReadImageEnvironment();
            ContainerProgram program = new(setup, image, user);
            IContainerProcess main = await sandbox.RunAsync(program, program.MainCommand(), setup.Stdin, setup.Tty, cancellationToken);
            return new ApptainerContainer(sandbox, program, main, setup.Scratch);
        }
        catch
        {
            if (sandbox is not null)
            {
                await sandbox.DisposeAsync();
            }

            ScratchDirectory.Remove(setup.Scratch);
            throw;
        }
    }

    /// <summary>
    /// A process whose namespaces all containers of the pod join. Apptainer's own first process stays there and takes care of what is
    /// orphaned; it lives as long as the agent.
    /// </summary>
    private async ValueTask<int> ShareAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        Task<Sandbox> opening;
        lock (_gate)
        {
            if (_shared is not { IsCompleted: false } and not { IsCompletedSuccessfully: true, Result.IsOpen: true })
            {
                string scratch = Path.Combine(Path.GetDirectoryName(setup.Scratch)!, "shared-processes");
                ContainerSetup bare = setup with { Mounts = [], ReadOnlyRoot = true, Gpu = GpuKind.None, Scratch = scratch };
                _shared = OpenAsync(bare, join: null, CancellationToken.None);
            }

            opening = _shared;
        }

        return (await opening.WaitAsync(cancellationToken)).Holder;
    }

    private static string HolderOf(ContainerSetup setup) => Path.Combine(setup.Scratch, HolderProgram.Name);

    private static IReadOnlyList<string> ToldOf(ContainerSetup setup) =>
        ApptainerArguments.ForHolder(setup, HolderOf(setup), joins: false);

    private async ValueTask<Sandbox> TakeOrOpenAsync(ContainerSetup setup, int? join, CancellationToken cancellationToken)
    {
        Sandbox? begun = join is null && Early is { } early
            ? await early.TakeAsync(setup, tools.Apptainer, () => ToldOf(setup), cancellationToken)
            : null;
        return begun ?? await OpenAsync(setup, join, cancellationToken);
    }

    private async Task<Sandbox> OpenAsync(ContainerSetup setup, int? join, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(setup.Scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string holder = HolderOf(setup);
        HolderProgram.WriteTo(holder);
        ApptainerArguments.WriteFiles(setup);
        Process process = await StartHolderAsync(setup, holder, join, cancellationToken);
        try
        {
            return await WaitForHolderAsync(setup, process, join is not null, cancellationToken);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    private async Task<Process> StartHolderAsync(ContainerSetup setup, string holder, int? join, CancellationToken cancellationToken)
    {
        string[] enter = join is { } target ? tools.JoinArguments(target) : [];
        ProcessStartInfo info = new(join is null ? tools.Apptainer : tools.NsEnter)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string argument in enter.Concat(ApptainerArguments.ForHolder(setup, holder, join is not null)))
        {
            info.ArgumentList.Add(argument);
        }

        ApptainerTools.CleanEnvironment(info.Environment);

        // Where ids cannot be mapped, Apptainer would run the holder under the node's program fakeroot, which wants a shell of the image.
        info.Environment["APPTAINER_IGNORE_FAKEROOT_COMMAND"] = "1";
        try
        {
            return await launch.StartAsync(info, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ContainerStartException("RunContainerError", $"{tools.Apptainer} cannot be run: {exception.Message}", exception);
        }
    }

    /// <summary>The holder speaks when everything is mounted; Apptainer's own words explain when it does not.</summary>
    private async Task<Sandbox> WaitForHolderAsync(ContainerSetup setup, Process process, bool isGuest, CancellationToken cancellationToken)
    {
        OutputTail errors = new(process.StandardError.BaseStream);
        using CancellationTokenSource limit = new(StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await HolderReport.ReadAsync(process.StandardOutput.BaseStream, either.Token) is { } report
                && ProcessTree.Find(process.Id, HolderProgram.Name) is { } holder)
            {
                Sandbox sandbox = new(tools, launch, process, holder, isGuest, report.Accounts);
                await BindAsync(sandbox, report.IsBound ? [] : DeviceMounts.Binds(setup.Mounts), either.Token);
                return sandbox;
            }
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            throw new ContainerStartException("RunContainerError", $"Apptainer did not start {setup.Name} in time", exception);
        }

        string text = await errors.TextAsync(cancellationToken);
        throw new ContainerStartException("RunContainerError", text.Length > 0 ? text : "Apptainer ended without a word");
    }

    /// <summary>What the holder may not do, having lost the rights of its container's root, another one does that enters with all of them.</summary>
    private static async ValueTask BindAsync(Sandbox sandbox, IEnumerable<Mount> mounts, CancellationToken cancellationToken)
    {
        foreach (Mount mount in mounts)
        {
            await sandbox.BindAsync(DeviceMounts.TargetOf(mount), mount.Target, cancellationToken);
        }
    }
}
