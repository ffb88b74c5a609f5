using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Agent.Streams;

/// <summary>kubectl exec and attach.</summary>
internal static class ExecStreams
{
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(3);

    public static async Task ExecAsync(
        PodServices services, PodRunner pod, ExecRequest request, PodStream stream, CancellationToken cancellationToken)
    {
        ContainerRun run = FindRun(services, pod, request.Container);
        ExecSetup setup = new() { Command = [.. request.Command], Stdin = request.Stdin, Tty = request.Tty };
        await using IContainerProcess process = await StartAsync(run, setup, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task input = FeedAsync(stream, process.Input, process.Resize, closeInput: !request.Tty, ending.Token);
        var output = Task.WhenAll(
            stream.CopyAsync(process.Output, PodStream.Stdout, cancellationToken),
            process.Errors is { } errors ? stream.CopyAsync(errors, PodStream.Stderr, cancellationToken) : Task.CompletedTask);
        ProcessExit exit = await process.Exit.WaitAsync(cancellationToken);

        // A program that it left behind may hold the pipes open for ever.
        await output.WaitAsync(OutputPatience, services.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ending.CancelAsync();
        await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stream.SendAsync(PodStream.Error, ExitStatus(exit.Code), cancellationToken);
    }

    public static async Task AttachAsync(
        PodServices services, PodRunner pod, AttachRequest request, PodStream stream, CancellationToken cancellationToken)
    {
        ContainerRun run = FindRun(services, pod, request.Container);
        IContainerProcess main = run.Running.Main;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // First of all: the program may answer its input at once, and end.
        System.Threading.Channels.Channel<(LogStream Stream, byte[] Data)> output = run.Output.Listen();
        Task input = request.Stdin
            ? FeedAsync(stream, main.Input, main.Resize, closeInput: run.HasOneInput, ending.Token)
            : Task.CompletedTask;
        try
        {
            await foreach ((LogStream name, byte[] data) in output.Reader.ReadAllAsync(cancellationToken))
            {
                bool isWanted = name == LogStream.Stdout ? request.Stdout : request.Stderr;
                if (isWanted)
                {
                    await stream.SendAsync(name == LogStream.Stdout ? PodStream.Stdout : PodStream.Stderr, data, cancellationToken);
                }
            }

            await stream.SendAsync(PodStream.Error, ExitStatus(0), cancellationToken);
        }
        finally
        {
            run.Output.Leave(output);
            await ending.CancelAsync();
            await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ContainerRun FindRun(PodServices services, PodRunner pod, string container)
    {
        string name = container.Length > 0 ? container : services.Context.Pod.Spec.Containers[0].Name;
        if (pod.Find(name) is not { } runner)
        {
            throw new StreamException(404, $"container not found (\"{name}\")");
        }

        return runner.Current ?? throw new StreamException(400, $"container {name} is not running");
    }

    private static async ValueTask<IContainerProcess> StartAsync(ContainerRun run, ExecSetup setup, CancellationToken cancellationToken)
    {
        try
        {
            return await run.Running.ExecAsync(setup, cancellationToken);
        }
        catch (Win32Exception exception)
        {
            throw new StreamException(500, $"failed to exec in container: {exception.Message}");
        }
    }

    /// <summary>Client to program: input, its end, and the terminal's size.</summary>
    private static async Task FeedAsync(
        PodStream stream, Stream? input, Action<int, int> resize, bool closeInput, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StreamData data in stream.ReadAllAsync(cancellationToken))
            {
                if (data.Channel == PodStream.Resize)
                {
                    Resize(data.Data.Span, resize);
                }
                else if (data.Channel == PodStream.Stdin && input is not null)
                {
                    await input.WriteAsync(data.Data.Memory, cancellationToken);
                    await input.FlushAsync(cancellationToken);
                    if (data.EndOfChannel && closeInput)
                    {
                        await input.DisposeAsync();
                        input = null;
                    }
                }
            }
        }
        catch (IOException)
        {
            // The program reads no more, or has ended.
        }
    }

    private static void Resize(ReadOnlySpan<byte> json, Action<int, int> resize)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            using var size = JsonDocument.ParseValue(ref reader);
            resize(size.RootElement.GetProperty("Width").GetInt32(), size.RootElement.GetProperty("Height").GetInt32());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A size that cannot be read changes nothing.
        }
    }

    /// <summary>The Status that ends a remote command, with the exit code as its cause (remotecommand's v4 protocol).</summary>
    private static byte[] ExitStatus(int code) => Encoding.UTF8.GetBytes(code == 0
        ? """{"metadata":{},"status":"Success"}"""
        : string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status {{{code}}}","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"{{{code}}}"}]}}"""));
}
