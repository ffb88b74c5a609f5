namespace MiniPlane.Benchmarks;

/// <summary>
/// The load program: starts a server in an empty directory, drives it over HTTP/2 and TLS as clients do, and prints the rows of
/// docs/performance.md. Usage: miniplane-bench SERVER-COMMAND [--clients N] [--pods N] [--seconds N] [--watchers N] [--rows all|reads].
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync("usage: miniplane-bench SERVER-COMMAND [--clients N] [--pods N] [--seconds N] [--watchers N] [--rows all|reads]");
            return 2;
        }

        var settings = LoadSettings.Parse(args);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings.ServerCommand, TimeProvider.System, cancellation.Token);
        var report = new Report(Console.Out);
        var run = new LoadRun(server, settings, report, TimeProvider.System);
        await run.RunAsync(cancellation.Token);
        return 0;
    }
}
