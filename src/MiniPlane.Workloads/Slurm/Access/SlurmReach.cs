using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Slurm.Access;

/// <summary>How this process reaches Slurm, found once at the start.</summary>
public sealed class SlurmReach
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(15);

    /// <summary>The backend that is Slurm by slurmrestd and by nothing else.</summary>
    public const string RestOnly = "slurmrestd";

    private SlurmReach(SlurmRoute route, bool hasSlurm)
    {
        Route = route;
        HasSlurm = hasSlurm;
    }

    internal SlurmRoute Route { get; }

    /// <summary>Whether pods should become Slurm jobs where nobody said: Slurm answers, or there is nowhere else for them.</summary>
    internal bool HasSlurm { get; }

    /// <summary>What the user must add so that pods can run, or empty.</summary>
    public string Advice => (Route as SlurmRoute.Nowhere)?.Advice ?? "";

    internal static SlurmReach Find(WorkloadsOptions options, TimeProvider time) => Find(
        SlurmRoutes.OfThisProcess(options.Site.CommandPrefix, options.Slurmrestd),
        options.Backend,
        route => route is SlurmRoute.Rest rest ? AnswersRest(rest, options, time) : Answers(route, time));

    /// <param name="routes">What there may be.</param>
    /// <param name="backend">The backend asked for: a way is only tried out where something depends on the answer.</param>
    /// <param name="answers">Tries a way.</param>
    internal static SlurmReach Find(SlurmRoutes routes, string backend, Func<SlurmRoute, bool> answers)
    {
        if (backend == RestOnly)
        {
            return new SlurmReach(routes.OfRest().FirstOrDefault(SlurmRoute.Direct.Value), hasSlurm: true);
        }

        IReadOnlyList<SlurmRoute> found = routes.Find();
        bool isForSlurm = backend is "auto" or "slurm";
        bool mustTry = isForSlurm && (found.Count > 1 || (backend == "auto" && !routes.IsContainer));
        if (mustTry && found.FirstOrDefault(answers) is { } working)
        {
            return new SlurmReach(working, hasSlurm: true);
        }

        // In a container pods have nowhere else to go: a backend of processes would run them beside the control plane.
        SlurmRoute fallback = found.Count > 0 ? found[0]
            : isForSlurm && routes.IsContainer ? new SlurmRoute.Nowhere(SlurmRoutes.Advice)
            : SlurmRoute.Direct.Value;
        return new SlurmReach(fallback, hasSlurm: backend == "slurm" || (isForSlurm && routes.IsContainer));
    }

    private static bool Answers(SlurmRoute route, TimeProvider time)
    {
        using var runner = new ProcessCommandRunner(route, time);
        var ask = new CommandRequest("sinfo", ["-h", "-o", "%P"]) { TimeLimit = AskLimit };
#pragma warning disable VSTHRD002 // Once, at start-up, before anything else runs: what is registered depends on the answer.
        CommandResult result = runner.RunAsync(ask, CancellationToken.None).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        return result.Succeeded && result.Output.Trim().Length > 0;
    }

    private static bool AnswersRest(SlurmRoute.Rest route, WorkloadsOptions options, TimeProvider time)
    {
        using var rest = new RestCaller(route.Address, options.RestLogin, time);
        using var limit = new CancellationTokenSource(AskLimit, time);
        try
        {
#pragma warning disable VSTHRD002 // As above.
            using RestAnswer answer = rest.GetAsync(versions => $"{versions.Prefix}partitions", limit.Token).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            return answer.Succeeded && RestValue.List(answer.Root, "partitions").Any();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
