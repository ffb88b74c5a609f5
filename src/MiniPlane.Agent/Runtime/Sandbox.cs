using System.Diagnostics;
using System.Globalization;
using System.Text;
using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Runtime;

/// <summary>The namespaces and root file system of one run of a container, held open until disposed.</summary>
/// <param name="tools">The node's programs.</param>
/// <param name="launch">Starts processes.</param>
/// <param name="apptainer">Apptainer, which waits for the holder.</param>
/// <param name="holder">The program inside that keeps it open.</param>
/// <param name="isGuest">Its process namespace is another container's, so that its end does not end its processes.</param>
/// <param name="accounts">The container's /etc/passwd.</param>
internal sealed class Sandbox(
    ApptainerTools tools, LaunchThread launch, Process apptainer, int holder, bool isGuest, Task<string> accounts) : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private static readonly string[] ApptainerVariables = ["APPTAINER", "SINGULARITY", "PS1", "PROMPT_COMMAND", "PWD", "SHLVL", "TERM"];

    public int Holder => holder;

    /// <summary>The container's /etc/passwd, empty when it has none. The holder tells it: every program needs it.</summary>
    public Task<string> Accounts => accounts;

    /// <summary>Whether others can still join it.</summary>
    public bool IsOpen => !apptainer.HasExited;

    private string HolderId => holder.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a user id of the container exists in its user namespace.</summary>
    public bool IsUserMapped(long id) => IsMapped("uid_map", id);

    public bool IsGroupMapped(long id) => IsMapped("gid_map", id);

    /// <summary>For an image that is not from a registry: what its own scripts have set, and its run script as entry point.</summary>
    public ImageConfig ReadImageEnvironment()
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{HolderId}/environ"));
        IEnumerable<string> own = text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !ApptainerVariables.Any(prefix => pair.StartsWith(prefix, StringComparison.Ordinal)));
        return new ImageConfig { Env = [.. own], Entrypoint = ["/.singularity.d/runscript"] };
    }

    /// <summary>Runs a program inside.</summary>
    public async ValueTask<IContainerProcess> RunAsync(
        ContainerProgram program, IReadOnlyList<string> command, bool stdin, bool tty, CancellationToken cancellationToken)
    {
        List<string> arguments = [.. EnterArguments(program.User, program.WorkingDirectory), .. command];
        if (tty)
        {
            return await TerminalProcess.StartAsync(
                tools, launch, holder, arguments, program.Environment, SignalChild, cancellationToken);
        }

        ProcessStartInfo info = new(tools.NsEnter)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        arguments.ForEach(info.ArgumentList.Add);
        info.Environment.Clear();
        foreach ((string name, string value) in program.Environment)
        {
            info.Environment[name] = value;
        }

        Process process = await launch.StartAsync(info, cancellationToken);
        return new ContainerProcess(process, stdin, SignalChild);
    }

    /// <summary>Binds one directory of the container to another.</summary>
    public async ValueTask BindAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (await TryReadAsync([HolderProgram.Target, from, to], cancellationToken) is not [(char)HolderProgram.Ready, ..])
        {
            throw new ContainerStartException("CreateContainerError", $"{to} cannot be mounted");
        }
    }

    /// <summary>What a short program says, or null when it fails or is not there.</summary>
    public async ValueTask<string?> TryReadAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        ProcessStartInfo info = new(tools.NsEnter)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in EnterArguments(ContainerUser.Root, "/").Concat(command))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        info.Environment["PATH"] = ImageConfig.DefaultPath;
        using Process process = await launch.StartAsync(info, cancellationToken);
        process.StandardInput.Close();
        OutputTail errors = new(process.StandardError.BaseStream);
        string text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await errors.TextAsync(cancellationToken);
        return process.ExitCode == 0 ? text : null;
    }

    /// <summary>Everything inside, the holder among it: what shares its process namespace, or for a guest its mounts.</summary>
    public IReadOnlyList<int> ProcessIds() => ProcessUsage.InNamespaceOf(holder, isGuest ? "mnt" : "pid");

    /// <summary>The kernel ends everything in a process namespace with its first process, and that waits for the holder.</summary>
    public void Kill()
    {
        if (isGuest && IsOpen)
        {
            foreach (int process in ProcessIds().Where(process => process != holder))
            {
                Signals.Send(process, Signals.Kill);
            }
        }

        apptainer.StandardInput.Close();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        using CancellationTokenSource limit = new(EndLimit);
        try
        {
            await apptainer.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            apptainer.Kill(entireProcessTree: true);
        }

        apptainer.Dispose();
    }

    private static void SignalChild(int entering, int signal)
    {
        // nsenter waits in the outer process namespace for its one child, the program.
        IReadOnlyList<int> children = ProcessTree.ChildrenOf(entering);
        Signals.Send(children.Count > 0 ? children[0] : entering, signal);
    }

    private IEnumerable<string> EnterArguments(ContainerUser user, string directory) =>
    [
        "--target", HolderId, "--mount", "--pid", "--ipc", "--uts",
        .. UserNamespaceEntry.Arguments(holder, user),
        $"--wdns={directory}", "--",
    ];

    private bool IsMapped(string map, long id)
    {
        foreach (string line in File.ReadLines($"/proc/{HolderId}/{map}"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            long first = long.Parse(words[0], CultureInfo.InvariantCulture);
            if (id >= first && id < first + long.Parse(words[2], CultureInfo.InvariantCulture))
            {
                return true;
            }
        }

        return false;
    }
}
