using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Wire.Tests.Grpc;

public sealed class GrpcCallTests
{
    private static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task Messages_go_both_ways_in_order_while_both_halves_are_open()
    {
        await using GrpcTestServer server = await StartAsync(EchoAsync);
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);

        await using IAsyncEnumerator<StreamData> replies = call.ReadAllAsync(Limit).GetAsyncEnumerator(Limit);
        for (uint i = 0; i < 200; i++)
        {
            await call.WriteAsync(new StreamData { Id = i, Data = ByteString.CopyFrom(new byte[i * 100]) }, Limit);
            Assert.True(await replies.MoveNextAsync());
            Assert.Equal((i, (int)i * 100), ((uint)replies.Current.Id, replies.Current.Data.Length));
        }
    }

    [Fact]
    public async Task Closing_the_clients_half_lets_the_server_finish_and_ends_with_ok()
    {
        await using GrpcTestServer server = await StartAsync(async (call, cancellationToken) =>
        {
            int count = 0;
            await foreach (StreamData _ in call.ReadAllAsync(cancellationToken))
            {
                count++;
            }

            await call.WriteAsync(new StreamData { Id = (ulong)count }, cancellationToken);
        });
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);

        for (int i = 0; i < 500; i++)
        {
            await call.WriteAsync(new StreamData(), Limit);
        }

        call.CompleteWriting();
        List<StreamData> replies = await ReadAllAsync(call);

        Assert.Equal(500ul, Assert.Single(replies).Id);
    }

    [Fact]
    public async Task The_server_may_speak_first()
    {
        await using GrpcTestServer server = await StartAsync(
            async (call, cancellationToken) => await call.WriteAsync(new StreamData { Id = 7 }, cancellationToken));
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);

        List<StreamData> replies = await ReadAllAsync(call);

        Assert.Equal(7ul, Assert.Single(replies).Id);
    }

    [Fact]
    public async Task A_handlers_status_reaches_the_client_with_its_message()
    {
        await using GrpcTestServer server = await StartAsync(
            (_, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "100 % nöt yours"));
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => ReadAllAsync(call));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.PermissionDenied, "100 % nöt yours"), error.Status);
    }

    [Fact]
    public async Task A_plain_http_refusal_becomes_a_status()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        using GrpcClient client = server.Client;

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => OpenAsync(client));

        Assert.Equal(GrpcStatusCode.Unauthenticated, error.Status.Code);
    }

    [Fact]
    public async Task A_message_over_the_limit_ends_the_call_with_resource_exhausted()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(context => GrpcServer.DuplexAsync<StreamData, StreamData>(
            context, StreamData.Parser, new GrpcLimits { MaxMessageBytes = 1000 }, EchoAsync, context.RequestAborted));
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);

        await call.WriteAsync(new StreamData { Data = ByteString.CopyFrom(new byte[1001]) }, Limit);
        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => ReadAllAsync(call));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, error.Status.Code);
    }

    [Fact]
    public async Task The_handler_is_cancelled_when_the_client_hangs_up()
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using GrpcTestServer server = await StartAsync(async (_, cancellationToken) =>
        {
            await using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelled.TrySetResult());
            await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, cancellationToken);
        });
        using GrpcClient client = server.Client;

        await (await OpenAsync(client)).DisposeAsync();

        await cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_writer_waits_when_the_peer_does_not_read()
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using GrpcTestServer server = await StartAsync((_, cancellationToken) => done.Task.WaitAsync(cancellationToken));
        using GrpcClient client = server.Client;
        await using GrpcDuplex<StreamData, StreamData> call = await OpenAsync(client);
        StreamData large = new() { Data = ByteString.CopyFrom(new byte[100_000]) };

        int accepted = 0;
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (; accepted < 10_000; accepted++)
            {
                await call.WriteAsync(large, patience.Token);
            }
        });

        Assert.InRange(accepted, 1, 200);
        done.SetResult();
    }

    [Fact]
    public async Task An_authority_that_is_not_pinned_is_refused()
    {
        await using GrpcTestServer server = await StartAsync(EchoAsync);
        using X509Certificate2 other = GrpcTestServer.MakeAuthority();
        using SocketsHttpHandler handler = GrpcHandlers.Pinned(other);
        using GrpcClient client = new(handler, server.Address, "token");

        GrpcException error = await Assert.ThrowsAsync<GrpcException>(() => OpenAsync(client));

        Assert.Equal(GrpcStatusCode.Unavailable, error.Status.Code);
    }

    [Theory]
    [InlineData("kubernetes.default.svc", true)]
    [InlineData("another.name", false)]
    public async Task The_certificate_must_bear_the_expected_server_name(string name, bool accepted)
    {
        await using GrpcTestServer server = await StartAsync((_, _) => Task.CompletedTask);
        using GrpcClient client = new(server.Handler, new Uri($"https://localhost:{server.Address.Port}"), "token") { ServerName = name };

        Exception? error = await Record.ExceptionAsync(async () => await (await OpenAsync(client)).DisposeAsync());

        Assert.Equal(accepted, error is null);
    }

    [Fact]
    public async Task A_unary_call_gets_one_answer()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(context => GrpcServer.UnaryAsync<StreamData, StatusAck>(
            context,
            StreamData.Parser,
            GrpcLimits.Default,
            (request, _) => ValueTask.FromResult(new StatusAck { Sequence = request.Id + 1 }),
            context.RequestAborted));
        using GrpcClient client = server.Client;

        StatusAck reply = await client.UnaryAsync(GrpcTestServer.Method, new StreamData { Id = 41 }, StatusAck.Parser, Limit);

        Assert.Equal(42ul, reply.Sequence);
    }

    private static Task<GrpcTestServer> StartAsync(Func<GrpcDuplex<StreamData, StreamData>, CancellationToken, Task> handler) =>
        GrpcTestServer.StartAsync(context => GrpcServer.DuplexAsync(
            context, StreamData.Parser, GrpcLimits.Default, handler, context.RequestAborted));

    private static Task<GrpcDuplex<StreamData, StreamData>> OpenAsync(GrpcClient client) =>
        client.OpenAsync<StreamData, StreamData>(GrpcTestServer.Method, StreamData.Parser, Limit);

    private static async Task EchoAsync(GrpcDuplex<StreamData, StreamData> call, CancellationToken cancellationToken)
    {
        await foreach (StreamData message in call.ReadAllAsync(cancellationToken))
        {
            await call.WriteAsync(message, cancellationToken);
        }
    }

    private static async Task<List<StreamData>> ReadAllAsync(GrpcDuplex<StreamData, StreamData> call)
    {
        List<StreamData> messages = [];
        await foreach (StreamData message in call.ReadAllAsync(Limit))
        {
            messages.Add(message);
        }

        return messages;
    }
}
