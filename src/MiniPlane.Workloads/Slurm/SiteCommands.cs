using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Passes on to the runner.</summary>
internal sealed class SiteCommands(ICommandRunner runner, SlurmReach reach) : ISiteCommands
{
    public string Way => reach.Route.Text;

    public bool HasSlurm => reach.Route is not SlurmRoute.Rest;

    public async ValueTask<SiteCommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input, TimeSpan limit, CancellationToken cancellationToken)
    {
        CommandResult result = await runner.RunAsync(
            new CommandRequest(program, arguments) { Input = input, TimeLimit = limit, Environment = CommandEnvironment.ForParsing }, cancellationToken);
        return new SiteCommandResult(result.Succeeded, result.Output, result.Complaint);
    }
}
