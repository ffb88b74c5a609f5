using System.Diagnostics;
using System.Globalization;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Benchmarks.Agents;

/// <summary>
/// Starts of the agent, several builds of it in turns, with a pod that runs without an image: what it takes from the program's start
/// until Hello is there, until the container has started, and until the program's end. Usage: miniplane-bench agents AGENT... [--rounds N]
/// </summary>
internal sealed class AgentRun(IReadOnlyList<string> agents, int rounds, TextWriter output, TimeProvider time)
{
    private const string Uid = "00000000-0000-0000-0000-000000000001";
    private const string Pod = $$"""
        {"metadata":{"name":"bench","namespace":"default","uid":"{{Uid}}","annotations":{"miniplane.io/runtime":"host"} },
         "spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"x","command":["/bin/true"] }] } }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private Marks? _marks;

    public static AgentRun Parse(string[] arguments, TextWriter output)
    {
        int at = Array.IndexOf(arguments, "--rounds");
        string[] agents = arguments[1..(at < 0 ? arguments.Length : at)];
        return new AgentRun(agents, at < 0 ? 15 : int.Parse(arguments[at + 1], CultureInfo.InvariantCulture), output, TimeProvider.System);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using AgentEnd end = new(Pod, message => _marks?.Hear(message));
        await end.StartAsync(cancellationToken);
        var all = agents.ToDictionary(agent => agent, _ => new List<Marks>(), StringComparer.Ordinal);
        for (int round = -1; round < rounds; round++)
        {
            foreach (string agent in agents)
            {
                Marks marks = await StartAsync(end, agent, cancellationToken);
                if (round >= 0)
                {
                    all[agent].Add(marks);
                }
            }
        }

        await output.WriteLineAsync("| agent | Hello: ms | CPU ms | container started: ms | CPU ms | end: CPU ms | MiB at the most |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        foreach (string agent in agents)
        {
            List<Marks> marks = all[agent];
            await output.WriteLineAsync(string.Join(
                " | ",
                [
                    $"| {agent}", Text(marks, mark => mark.Hello.Wall), Text(marks, mark => mark.Hello.Cpu), Text(marks, mark => mark.Started.Wall),
                    Text(marks, mark => mark.Started.Cpu), Text(marks, mark => mark.Bye.Cpu), $"{Text(marks, mark => mark.MostMiB)} |",
                ]));
        }
    }

    private async Task<Marks> StartAsync(AgentEnd end, string agent, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("mp-bench-agent").FullName;
        string file = Path.Combine(directory, AgentConfiguration.FileName);
        new AgentConfiguration
        {
            Endpoints = [end.Address],
            CaCertificate = end.Authority,
            Token = "token",
            PodUid = Uid,
            PodDirectory = directory,
            Settings = new AgentSettings { AllowHostRuntime = true },
        }.Save(file);
        _marks = new Marks(time);
        using Process process = Process.Start(new ProcessStartInfo(agent, ["--config", file]) { RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException(agent);
        _marks.Process = process.Id;
        string errors = await process.StandardError.ReadToEndAsync(cancellationToken).WaitAsync(Limit, time, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Directory.Delete(directory, recursive: true);
        return process.ExitCode == 0 ? _marks : throw new InvalidOperationException(errors);
    }

    // The median, the least and the greatest.
    private static string Text(IEnumerable<Marks> marks, Func<Marks, double> figure)
    {
        double[] sorted = [.. marks.Select(figure).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:0} ({sorted[0]:0} to {sorted[^1]:0})");
    }

    private sealed class Marks(TimeProvider time)
    {
        private readonly long _begun = time.GetTimestamp();

        public volatile int Process;

        public (double Wall, double Cpu) Hello { get; private set; }

        public (double Wall, double Cpu) Started { get; private set; }

        public (double Wall, double Cpu) Bye { get; private set; }

        public double MostMiB { get; private set; }

        public void Hear(AgentMessage message)
        {
            switch (message.BodyCase)
            {
                case AgentMessage.BodyOneofCase.Hello:
                    Hello = Now();
                    break;
                case AgentMessage.BodyOneofCase.Event when message.Event.Reason == "Started":
                    Started = Now();
                    break;
                case AgentMessage.BodyOneofCase.Bye:
                    Bye = Now();
                    string most = File.ReadLines($"/proc/{Process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                    MostMiB = double.Parse(most.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
                    break;
                default:
                    break;
            }
        }

        private (double Wall, double Cpu) Now() => (time.GetElapsedTime(_begun).TotalMilliseconds, ProcessClock.Of(Process).TotalMilliseconds);
    }
}
