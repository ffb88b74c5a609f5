using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Probes;

/// <summary>What probes and hooks do. Messages are kubelet's.</summary>
internal static class ProbeActions
{
    private const int MostOutput = 10 * 1024;

    // A probe asks this pod only, so redirects are not followed to elsewhere.
    private static readonly SocketsHttpHandler Handler = new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
#pragma warning disable CA5359 // As core.v1.HTTPGetAction says: certificates of probed programs are not checked.
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
    };

    private static readonly HttpMessageInvoker Http = new(Handler, disposeHandler: false);

    /// <summary>Runs a command in the container; its exit code and what it said.</summary>
    public static async ValueTask<(int Code, string Output)> ExecAsync(
        IRunningContainer container, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        await using IContainerProcess process = await container.ExecAsync(new ExecSetup { Command = command }, cancellationToken);
        StringBuilder output = new();
        var reading = Task.WhenAll(
            ReadAsync(process.Output, output, cancellationToken),
            process.Errors is { } errors ? ReadAsync(errors, output, cancellationToken) : Task.CompletedTask);
        ProcessExit exit = await process.Exit.WaitAsync(cancellationToken);
        await reading;
        return (exit.Code, output.ToString().Trim());
    }

    public static async ValueTask<ProbeResult> HttpAsync(
        HttpGetView get, ContainerView container, string podIp, CancellationToken cancellationToken)
    {
        if (Port(get.Port, container) is not { } port)
        {
            return ProbeResult.Failure("the port is not one of the container's");
        }

        string host = get.Host.Length > 0 ? get.Host : podIp;
        string path = get.Path.StartsWith('/') ? get.Path : "/" + get.Path;
        string authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        string url = string.Create(CultureInfo.InvariantCulture, $"{get.Scheme.ToLowerInvariant()}://{authority}:{port}{path}");
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            request.Headers.ConnectionClose = true;
            foreach (HttpHeaderView header in get.HttpHeaders)
            {
                request.Headers.Remove(header.Name);
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }

            using HttpResponseMessage response = await Http.SendAsync(request, cancellationToken);
            int status = (int)response.StatusCode;
            return status is >= 200 and < 400
                ? ProbeResult.Success
                : ProbeResult.Failure(string.Create(CultureInfo.InvariantCulture, $"HTTP probe failed with statuscode: {status}"));
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or InvalidOperationException)
        {
            return ProbeResult.Failure($"Get \"{url}\": {exception.Message}");
        }
    }

    public static async ValueTask<ProbeResult> TcpAsync(
        TcpSocketView tcp, ContainerView container, string podIp, CancellationToken cancellationToken)
    {
        if (Port(tcp.Port, container) is not { } port)
        {
            return ProbeResult.Failure("the port is not one of the container's");
        }

        string host = tcp.Host.Length > 0 ? tcp.Host : podIp;
        try
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, cancellationToken);
            return ProbeResult.Success;
        }
        catch (SocketException exception)
        {
            return ProbeResult.Failure(string.Create(CultureInfo.InvariantCulture, $"dial tcp {host}:{port}: {exception.Message}"));
        }
    }

    /// <summary>A port by number, or by the name it has in the container.</summary>
    private static int? Port(JsonNode? port, ContainerView container)
    {
        if (port?.GetValueKind() == JsonValueKind.Number)
        {
            return port.GetValue<int>();
        }

        string name = port?.ToString() ?? "";
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : container.Ports.FirstOrDefault(candidate => candidate.Name == name)?.ContainerPort;
    }

    private static async Task ReadAsync(Stream stream, StringBuilder output, CancellationToken cancellationToken)
    {
        byte[] block = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(block, cancellationToken)) > 0)
        {
            lock (output)
            {
                int room = Math.Min(read, MostOutput - output.Length);
                output.Append(Encoding.UTF8.GetString(block.AsSpan(0, Math.Max(0, room))));
            }
        }
    }
}
