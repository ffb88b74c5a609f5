using MiniPlane.CommandLine;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class DownCommandTests
{
    [Fact]
    public async Task Down_stops_the_server_and_gives_its_directory_back()
    {
        var cluster = new RunningCluster();
        await cluster.InitializeAsync();
        try
        {
            // The owner is this process, which lives on: what the command waits for is the directory.
            CommandRun down = await cluster.RunAsync("down", "--cancel-jobs");

            Assert.Equal((ExitCodes.Success, ""), (down.Code, down.Errors));
            Assert.Contains("MiniPlane has stopped", down.Output, StringComparison.Ordinal);
            Assert.Contains("No jobs were left", down.Output, StringComparison.Ordinal);
            await cluster.UntilStoppedAsync();
            Assert.Equal(ExitCodes.NotRunning, (await cluster.RunAsync("status")).Code);
            Assert.Equal(ExitCodes.NotRunning, (await cluster.RunAsync("down")).Code);
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }
}
