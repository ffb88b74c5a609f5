using MiniPlane.Workloads.Slurm.Rest;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Access;

/// <summary>A way to Slurm's programs: what is started instead of <c>sinfo …</c> so that the site's own sinfo runs.</summary>
internal abstract record SlurmRoute
{
    private SlurmRoute()
    {
    }

    /// <summary>For the log and for people.</summary>
    public abstract string Text { get; }

    /// <summary>The exit code by which the way itself says that it failed, whatever the program would have said; or null.</summary>
    public virtual int? NotReachedExitCode => null;

    /// <summary>A directory to add to the programs' PATH, or empty.</summary>
    public virtual string ExtraPath => "";

    /// <summary>The command line for a request; empty where there is no way.</summary>
    public abstract IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment);

    /// <summary>There is none. Whoever tries is told what to add.</summary>
    public sealed record Nowhere(string Advice) : SlurmRoute
    {
        public override string Text => Advice;

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment) => [];
    }

    /// <summary>Programs on PATH.</summary>
    public sealed record Direct : SlurmRoute
    {
        public static readonly Direct Value = new();

        public override string Text => "commands on PATH";

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment) =>
            [request.Program, .. request.Arguments];
    }

    /// <summary>
    /// Programs of the host whose root is bound into this container: in a user namespace of their own they change their root to
    /// it, so that they see the host's libraries, plug-ins, configuration and munge. The user stays the same one: munge tells
    /// who calls, and Slurm refuses a caller who says otherwise.
    /// </summary>
    public sealed record HostRoot(string Directory, string PlaceOffPath = "") : SlurmRoute
    {
        public override string ExtraPath => PlaceOffPath;

        public override string Text => $"commands of the host, whose root is at {Directory}";

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment) =>
            ["unshare", "--map-current-user", $"--root={Directory}", $"--wd={request.WorkingDirectory ?? "/"}", "--", request.Program, .. request.Arguments];
    }

    /// <summary>Words that go before every program: a wrapper that passes its arguments on as they are.</summary>
    public sealed record Prefix(IReadOnlyList<string> Words) : SlurmRoute
    {
        public override string Text => $"commands by {string.Join(' ', Words)}";

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment) =>
            [.. Words, request.Program, .. request.Arguments];
    }

    /// <summary>
    /// slurmrestd in the place of the programs. What else is asked for (which Apptainer, how much disk) is a program of this host.
    /// </summary>
    public sealed record Rest(RestAddress Address) : SlurmRoute
    {
        public override string Text => $"slurmrestd at {Address.Text}";

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment) =>
            [request.Program, .. request.Arguments];
    }

    /// <summary>
    /// <c>ssh login1</c>: there a shell reads the command again, so its words are quoted for it; and the environment stays
    /// behind, so what the command needs of it goes along as words. Nothing secret does: others can read command lines.
    /// </summary>
    public sealed record RemoteShell(IReadOnlyList<string> Words) : SlurmRoute
    {
        private static readonly string[] Needed = ["SLURM_CONF", "SLURM_CLUSTERS"];

        // Nobody is there to be asked, and a host that does not answer must not hold up everything else.
        private static readonly string[] Options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

        public override string Text => $"commands by {string.Join(' ', Words)}";

        public override int? NotReachedExitCode => 255;

        public static bool Is(IReadOnlyList<string> prefix) =>
            prefix.Count > 1 && Path.GetFileName(prefix[0]) is "ssh" or "gsissh" or "slogin";

        public override IReadOnlyList<string> ToWords(CommandRequest request, IReadOnlyDictionary<string, string?> environment)
        {
            IEnumerable<string> settings = Needed
                .Where(name => environment.GetValueOrDefault(name) is { Length: > 0 })
                .Select(name => $"{name}={environment[name]}")
                .Concat((request.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}"));
            string command = string.Join(' ', ((string[])["env", .. settings, request.Program, .. request.Arguments]).Select(ShellWords.Quote));
            string there = request.WorkingDirectory is { } directory ? $"cd {ShellWords.Quote(directory)} && {command}" : command;
            return [Words[0], .. Options, .. Words.Skip(1), there];
        }
    }
}
