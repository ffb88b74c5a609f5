using System.Diagnostics;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;
using MiniPlane.Wire.Health;

namespace MiniPlane.Wire.Tests.Grpc;

/// <summary>Against a stock gRPC implementation (python3-grpcio of the distribution): the wire format is gRPC's, not our own idea of it.</summary>
public sealed class StockPeerTests
{
    private static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task A_stock_client_talks_to_our_server_over_TLS_and_understands_how_the_call_ends()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(context => GrpcServer.DuplexAsync(
            context,
            AgentMessage.Parser,
            GrpcLimits.Default,
            async (GrpcDuplex<AgentMessage, ControlMessage> call, CancellationToken cancellationToken) =>
            {
                await foreach (AgentMessage message in call.ReadAllAsync(cancellationToken))
                {
                    var stop = new StopPod { Reason = $"{message.Hello.PodUid} {context.Request.Headers.Authorization}", GracePeriodSeconds = 5 };
                    await call.WriteAsync(new ControlMessage { Stop = stop }, cancellationToken);
                }

                throw new GrpcException(GrpcStatusCode.NotFound, "the pod is göne");
            },
            context.RequestAborted));
        string authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, server.Authority.ExportCertificatePem(), Limit);

        // AgentMessage.hello (1) . Hello.pod_uid (1) = u1, u2, u3; the answers as they are on the wire.
        string said = await PythonAsync(
            """
            import grpc, sys
            credentials = grpc.ssl_channel_credentials(open(sys.argv[2], 'rb').read())
            channel = grpc.secure_channel(sys.argv[1], credentials)
            call = channel.stream_stream('/test.Echo/Call', request_serializer=lambda b: b, response_deserializer=lambda b: b)
            hellos = [b'\x0a\x04\x0a\x02u%d' % i for i in (1, 2, 3)]
            try:
                for answer in call(iter(hellos), metadata=(('authorization', 'Bearer t'),), timeout=30):
                    print(answer)
            except grpc.RpcError as error:
                print(error.code(), error.details())
            """,
            $"localhost:{server.Address.Port}".Replace("localhost", "127.0.0.1", StringComparison.Ordinal),
            authority);

        File.Delete(authority);
        Assert.Equal(
            [
                .. Enumerable.Range(1, 3).Select(i => $@"b'""\x0f\x08\x05\x12\x0bu{i} Bearer t'"),
                "StatusCode.NOT_FOUND the pod is göne",
            ],
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Our_client_talks_to_a_stock_server_and_understands_its_refusals()
    {
        using Process python = Start(
            """
            import concurrent.futures, grpc, sys
            def check(request, context):
                if request:
                    context.abort(grpc.StatusCode.NOT_FOUND, 'no such service')
                return b'\x08\x01'
            def echo(requests, context):
                context.send_initial_metadata(())  # our client opens a call by waiting for the server's headers
                for request in requests:
                    yield request
            raw = lambda b: b
            health = grpc.method_handlers_generic_handler('grpc.health.v1.Health', {
                'Check': grpc.unary_unary_rpc_method_handler(check, raw, raw),
                'Watch': grpc.stream_stream_rpc_method_handler(echo, raw, raw)})
            server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
            server.add_generic_rpc_handlers((health,))
            print(server.add_insecure_port('127.0.0.1:0'), flush=True)
            server.start()
            sys.stdin.read()
            """);
        string port = await python.StandardOutput.ReadLineAsync(Limit) ?? await python.StandardError.ReadToEndAsync(Limit);
        using SocketsHttpHandler handler = new();
        using GrpcClient client = new(handler, new Uri($"http://127.0.0.1:{port}"), bearerToken: null);

        HealthCheckResponse health = await client.UnaryAsync(
            "/grpc.health.v1.Health/Check", new HealthCheckRequest(), HealthCheckResponse.Parser, Limit);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => client.UnaryAsync(
            "/grpc.health.v1.Health/Check", new HealthCheckRequest { Service = "x" }, HealthCheckResponse.Parser, Limit));
        await using GrpcDuplex<StreamData, StreamData> call = await client.OpenAsync<StreamData, StreamData>(
            "/grpc.health.v1.Health/Watch", StreamData.Parser, Limit);
        await using IAsyncEnumerator<StreamData> replies = call.ReadAllAsync(Limit).GetAsyncEnumerator(Limit);
        for (ulong i = 1; i <= 100; i++)
        {
            await call.WriteAsync(new StreamData { Id = i, Data = Google.Protobuf.ByteString.CopyFrom(new byte[i * 500]) }, Limit);
            Assert.True(await replies.MoveNextAsync());
            Assert.Equal((i, (int)i * 500), (replies.Current.Id, replies.Current.Data.Length));
        }

        call.CompleteWriting();
        Assert.False(await replies.MoveNextAsync());
        python.StandardInput.Close();
        await python.WaitForExitAsync(Limit);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal((GrpcStatusCode.NotFound, "no such service"), (refused.Status.Code, refused.Status.Message));
    }

    private static Process Start(string script, params string[] arguments) => Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = System.Text.Encoding.UTF8,
        Environment = { ["PYTHONIOENCODING"] = "utf-8", ["GRPC_VERBOSITY"] = "ERROR" },
    }) ?? throw new InvalidOperationException("python3 did not start");

    private static async Task<string> PythonAsync(string script, params string[] arguments)
    {
        using Process python = Start(script, arguments);
        string output = await python.StandardOutput.ReadToEndAsync(Limit);
        string errors = await python.StandardError.ReadToEndAsync(Limit);
        await python.WaitForExitAsync(Limit);
        Assert.True(python.ExitCode == 0, $"python3 (with python3-grpcio): {errors}");
        return output;
    }
}
