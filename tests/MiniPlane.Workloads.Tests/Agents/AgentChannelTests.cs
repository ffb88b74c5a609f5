using System.Text;
using Google.Protobuf;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Testing;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;
using MiniPlane.Wire.Logs;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Tests.Dispatch;

namespace MiniPlane.Workloads.Tests.Agents;

public sealed class AgentChannelTests : IAsyncLifetime
{
    private readonly FakeBackend _backend = new();
    private AgentServer _server = null!;
    private string _uid = "";

    public async Task InitializeAsync()
    {
        _server = await AgentServer.StartAsync(_backend);
        _uid = await _server.Rig.CreatePodAsync();
        await _server.Rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await _server.Rig.RoundAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_agent_gets_its_pod()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);

        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        ControlMessage first = await NextAsync(messages);

        Assert.Contains(_uid, first.Pod.PodJson.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal("127.128.0.1", first.Pod.PodIp);
        Assert.Equal("127.0.0.1", first.Pod.ServiceEnvironment["KUBERNETES_SERVICE_HOST"]);
    }

    [Fact]
    public async Task A_wrong_token_opens_nothing()
    {
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => _server.DialAsync(_uid, $"{_uid}.0000"));

        Assert.Equal(GrpcStatusCode.Unauthenticated, refused.Status.Code);
    }

    [Fact]
    public async Task A_pods_token_opens_nothing_of_another_pod()
    {
        string other = await _server.Rig.CreatePodAsync("other");
        await _server.Rig.RoundAsync();
        string token = AgentConfiguration.Load(Path.Combine(_server.Rig.Files.DirectoryOf(_uid), "agent.json")).Token;
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(other);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        AgentSession? own = _server.Rig.Hub.Find(other);

        // Its right token and the other's name; the other's name in the token, too.
        await using GrpcDuplex<ControlMessage, AgentMessage> thief = await _server.DialAsync(other, token);
        await thief.WriteAsync(new AgentMessage { Status = new StatusReport { Sequence = 1, StatusJson = ByteString.CopyFromUtf8("""{"phase":"Failed"}""") } }, default);
        await thief.WriteAsync(new AgentMessage { Bye = new Bye { Reason = "over" } }, default);
        await using IAsyncEnumerator<ControlMessage> answers = thief.ReadAllAsync(default).GetAsyncEnumerator();
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => NextAsync(answers));
        GrpcException forged = await Assert.ThrowsAsync<GrpcException>(() => _server.DialAsync(other, token.Replace(_uid, other, StringComparison.Ordinal)));

        Assert.Equal((GrpcStatusCode.PermissionDenied, GrpcStatusCode.Unauthenticated), (refused.Status.Code, forged.Status.Code));
        Assert.NotNull(own);
        Assert.Same(own, _server.Rig.Hub.Find(other));
        Assert.Null(_server.Rig.Hub.Find(_uid));
        Assert.False(_server.Rig.Hub.HasFinished(other));
        Assert.NotEqual("Failed", _server.Rig.Pod("other").Text("status", "phase"));
    }

    [Fact]
    public async Task A_session_writes_the_status_of_its_own_pod_and_of_no_other()
    {
        await _server.Rig.CreatePodAsync("other");
        await _server.Rig.RoundAsync();
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);

        // A stream or a name that is not this pod's is not looked at: what a report is of is known by the connection alone.
        const string Status = """{"phase":"Running","metadata":{"name":"other"},"containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}""";
        await agent.WriteAsync(new AgentMessage { StreamData = new StreamData { Id = 77, Data = ByteString.CopyFromUtf8("x") } }, default);
        await agent.WriteAsync(new AgentMessage { Status = new StatusReport { Sequence = 1, StatusJson = ByteString.CopyFromUtf8(Status) } }, default);
        Assert.Equal(1UL, (await NextAsync(messages)).StatusAck.Sequence);

        Assert.Equal("Running", _server.Rig.Pod().Text("status", "phase"));
        Assert.NotEqual("Running", _server.Rig.Pod("other").Text("status", "phase"));
    }

    [Theory]
    [InlineData(true, GrpcStatusCode.Unavailable)]
    [InlineData(false, GrpcStatusCode.NotFound)]
    public async Task After_a_restart_only_a_pod_that_is_not_there_at_all_is_gone(bool isListed, GrpcStatusCode expected)
    {
        _server.Rig.Ledger.Remove(_uid);
        _server.Rig.Ledger.SetExists(_uid, isListed);

        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => NextAsync(messages));

        Assert.Equal(expected, refused.Status.Code);
    }

    [Fact]
    public async Task A_report_becomes_the_pods_status_and_is_acknowledged()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);

        const string Status = """{"phase":"Running","podIP":"127.128.0.1","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}""";
        await agent.WriteAsync(new AgentMessage { Status = new StatusReport { Sequence = 4, StatusJson = ByteString.CopyFromUtf8(Status) } }, default);
        ControlMessage answer = await NextAsync(messages);

        Assert.Equal(4UL, answer.StatusAck.Sequence);
        Assert.Equal(("Running", "127.128.0.1"), (_server.Rig.Pod().Text("status", "phase"), _server.Rig.Pod().Text("status", "podIP")));
    }

    [Fact]
    public async Task A_deleted_pod_is_stopped_by_its_agent_and_goes_when_that_is_done()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);

        await _server.Rig.Cluster.DeleteAsync(
            _server.Rig.Cluster.Kind("Pod"), new ObjectKey("default", "p"), new DeleteQuery { GracePeriodSeconds = 7 }, default);
        await _server.Rig.RoundAsync();
        ControlMessage stop = await NextAsync(messages);
        await agent.WriteAsync(new AgentMessage { Bye = new Bye { Reason = "stopped" } }, default);
        await Eventually.TrueAsync(() => _server.Rig.Hub.HasFinished(_uid), "the agent has said goodbye");
        await _server.Rig.RoundAsync();

        Assert.Equal(7, stop.Stop.GracePeriodSeconds);
        Assert.Empty(_server.Rig.Cluster.All("Pod"));
    }

    [Fact]
    public async Task A_new_connection_of_a_pod_replaces_the_old_one()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> old = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> oldMessages = old.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(oldMessages);

        await using GrpcDuplex<ControlMessage, AgentMessage> fresh = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = fresh.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);

        GrpcException ended = await Assert.ThrowsAsync<GrpcException>(() => NextAsync(oldMessages));
        Assert.Equal(GrpcStatusCode.Aborted, ended.Status.Code);
        Assert.True(_server.Rig.Hub.IsConnected(_uid));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_agent_of_an_earlier_life_of_the_job_is_not_heard(bool bySlurm)
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> old = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> oldMessages = old.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(oldMessages);
        AgentSession? fresh = null;
        if (bySlurm)
        {
            _backend.Jobs["101"] = _backend.Jobs["101"] with { Restarts = 1 };
            await _server.Rig.RoundAsync();
        }
        else
        {
            GrpcDuplex<ControlMessage, AgentMessage> later = await _server.DialAsync(_uid, jobRestarts: 1);
            await NextAsync(later.ReadAllAsync(default).GetAsyncEnumerator());
            fresh = _server.Rig.Hub.Find(_uid);
        }

        await using GrpcDuplex<ControlMessage, AgentMessage> back = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = back.ReadAllAsync(default).GetAsyncEnumerator();
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => NextAsync(messages));

        Assert.Equal(GrpcStatusCode.FailedPrecondition, refused.Status.Code);
        Assert.True(bySlurm || ReferenceEquals(fresh, _server.Rig.Hub.Find(_uid)));
    }

    [Fact]
    public async Task An_agent_whose_job_is_over_by_Slurms_account_is_told_to_end_its_containers()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        await Eventually.TrueAsync(() => _server.Rig.Hub.IsConnected(_uid), "the agent is connected");

        _backend.Set("101", JobState.NodeFail);
        await _server.Rig.RoundAsync();
        await _server.Rig.PassAsync(TimeSpan.FromSeconds(12));
        ControlMessage stop = await NextAsync(messages);

        Assert.NotNull(stop.Stop);
        Assert.Equal(("Failed", "NodeLost"), (_server.Rig.Pod().Text("status", "phase"), _server.Rig.Pod().Text("status", "reason")));
    }

    [Fact]
    public async Task Streams_carry_both_ways_and_end_with_their_error()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        ObjectDocument pod = _server.Rig.Cluster.Find("Pod", "default", "p")!;

        await using IPodStream stream = await _server.Connections.OpenAsync(
            pod, new PodStreamRequest { Verb = "exec", Container = "a", Command = ["cat"], Stdin = true, Stdout = true }, default);
        ControlMessage open = await NextAsync(messages);
        await stream.WriteAsync(0, Encoding.UTF8.GetBytes("hi"), default);
        ControlMessage input = await NextAsync(messages);
        await agent.WriteAsync(
            new AgentMessage { StreamData = new StreamData { Id = open.OpenStream.Id, Channel = 1, Data = input.StreamData.Data } }, default);
        await agent.WriteAsync(
            new AgentMessage { StreamClosed = new StreamClosed { Id = open.OpenStream.Id, Error = "no such container", ErrorCode = 404 } }, default);

        var read = new List<string>();
        ApiException error = await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach ((byte channel, ReadOnlyMemory<byte> data) in stream.ReadAllAsync(default))
            {
                read.Add($"{channel}:{Encoding.UTF8.GetString(data.Span)}");
            }
        });
        Assert.Equal(["cat"], open.OpenStream.Exec.Command);
        Assert.Equal(["1:hi"], read);
        Assert.Equal(404, error.Code);
    }

    [Fact]
    public async Task A_log_that_is_cut_off_goes_on_from_the_files_with_the_next_byte()
    {
        GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        await ReportAsync(agent, messages, """{"phase":"Running","containerStatuses":[{"name":"a","restartCount":0,"state":{"running":{}}}]}""");
        ObjectDocument running = _server.Rig.Cluster.Find("Pod", "default", "p")!;
        await using (LogWriter log = new(_server.Rig.Files.DirectoryOf(_uid), "a", 0, LogLimits.Default, _server.Rig.Time))
        {
            await log.WriteAsync(LogStream.Stdout, "first\nsecond\n"u8.ToArray(), default);
        }

        await using IAsyncEnumerator<ReadOnlyMemory<byte>> pieces = _server.Connections.ReadLogAsync(
            running, new PodLogQuery { Container = "a", Follow = true }, default).GetAsyncEnumerator();
        ValueTask<bool> reading = pieces.MoveNextAsync();
        ControlMessage open = await NextAsync(messages);
        await agent.WriteAsync(
            new AgentMessage { StreamData = new StreamData { Id = open.OpenStream.Id, Channel = 1, Data = ByteString.CopyFromUtf8("first\nse") } }, default);
        Assert.True(await reading);
        string read = Encoding.UTF8.GetString(pieces.Current.Span);

        await ReportAsync(agent, messages, """{"phase":"Succeeded","containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":0}}}]}""");
        _server.Rig.Ledger.Find(_uid)!.Document = _server.Rig.Cluster.Find("Pod", "default", "p")!;
        await agent.DisposeAsync();
        while (await pieces.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System))
        {
            read += Encoding.UTF8.GetString(pieces.Current.Span);
        }

        Assert.Equal("first\nsecond\n", read);
    }

    [Fact]
    public async Task A_tail_that_is_cut_off_goes_on_where_the_agent_said_it_was()
    {
        GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        await ReportAsync(agent, messages, """{"phase":"Running","containerStatuses":[{"name":"a","restartCount":0,"state":{"running":{}}}]}""");
        ObjectDocument running = _server.Rig.Cluster.Find("Pod", "default", "p")!;
        string directory = _server.Rig.Files.DirectoryOf(_uid);
        await using (LogWriter log = new(directory, "a", 0, LogLimits.Default, _server.Rig.Time))
        {
            await log.WriteAsync(LogStream.Stdout, "first\nsecond\nthird\n"u8.ToArray(), default);
        }

        long offset = (await File.ReadAllTextAsync(LogFiles.First(directory, "a", 0))).IndexOf("third", StringComparison.Ordinal);
        offset = (await File.ReadAllTextAsync(LogFiles.First(directory, "a", 0))).LastIndexOf('\n', (int)offset) + 1;
        await using IAsyncEnumerator<ReadOnlyMemory<byte>> pieces = _server.Connections.ReadLogAsync(
            running, new PodLogQuery { Container = "a", TailLines = 2, SinceSeconds = 3600 }, default).GetAsyncEnumerator();
        ValueTask<bool> reading = pieces.MoveNextAsync();
        ControlMessage open = await NextAsync(messages);
        StreamData second = new() { Id = open.OpenStream.Id, Channel = 1, Data = ByteString.CopyFromUtf8("second\n"), Position = new LogPosition { Offset = offset } };
        await agent.WriteAsync(new AgentMessage { StreamData = second }, default);
        Assert.True(await reading);
        string read = Encoding.UTF8.GetString(pieces.Current.Span);
        await agent.DisposeAsync();
        while (await pieces.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System))
        {
            read += Encoding.UTF8.GetString(pieces.Current.Span);
        }

        Assert.Equal("second\nthird\n", read);
        Assert.True(open.OpenStream.Log.HasSinceUnixNanos, "the time is the same for every reader");
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_neither_reports_nor_memory()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        ObjectDocument pod = _server.Rig.Cluster.Find("Pod", "default", "p")!;
        await using IPodStream stream = await _server.Connections.OpenAsync(pod, new PodStreamRequest { Verb = "exec", Container = "a", Stdout = true }, default);
        ControlMessage open = await NextAsync(messages);
        StreamCredit credit = new(open.OpenStream.Window);
        int sent = 0;
        while (credit.TakeAsync(10, default).AsTask().IsCompleted)
        {
            sent++;
            await agent.WriteAsync(
                new AgentMessage { StreamData = new StreamData { Id = open.OpenStream.Id, Channel = 1, Data = ByteString.CopyFromUtf8("0123456789") } }, default);
        }

        await ReportAsync(agent, messages, """{"phase":"Running"}""");
        await using IAsyncEnumerator<(byte Channel, ReadOnlyMemory<byte> Data)> reader = stream.ReadAllAsync(default).GetAsyncEnumerator();
        for (int i = 0; i < sent; i++)
        {
            Assert.True(await reader.MoveNextAsync());
        }

        Assert.True((await NextAsync(messages)).StreamWindow.Bytes > 0, "what was read is given back");
        Assert.Equal("Running", _server.Rig.Pod().Text("status", "phase"));
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_is_waited_for_by_its_client_alone()
    {
        await using GrpcDuplex<ControlMessage, AgentMessage> agent = await _server.DialAsync(_uid, window: 8192);
        await using IAsyncEnumerator<ControlMessage> messages = agent.ReadAllAsync(default).GetAsyncEnumerator();
        await NextAsync(messages);
        ObjectDocument pod = _server.Rig.Cluster.Find("Pod", "default", "p")!;
        await using IPodStream stream = await _server.Connections.OpenAsync(pod, new PodStreamRequest { Verb = "exec", Container = "a", Stdin = true, Stdout = true }, default);
        ControlMessage open = await NextAsync(messages);

        await stream.WriteAsync(0, new byte[8192], default);
        Task waiting = stream.WriteAsync(0, new byte[10], default).AsTask();
        bool isHeld = !waiting.IsCompleted;
        await agent.WriteAsync(new AgentMessage { StreamWindow = new StreamWindow { Id = open.OpenStream.Id, Bytes = 8192 } }, default);
        await waiting.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        Assert.True(isHeld);
    }

    [Fact]
    public async Task Without_an_agent_there_is_no_exec_and_the_log_of_a_waiting_container_is_refused()
    {
        ObjectDocument pod = _server.Rig.Cluster.Find("Pod", "default", "p")!;

        ApiException exec = await Assert.ThrowsAsync<ApiException>(async () =>
            await _server.Connections.OpenAsync(pod, new PodStreamRequest { Verb = "exec", Container = "a" }, default));
        ApiException log = await Assert.ThrowsAsync<ApiException>(async () =>
        {
            await foreach (ReadOnlyMemory<byte> _ in _server.Connections.ReadLogAsync(pod, new PodLogQuery { Container = "a" }, default))
            {
            }
        });

        Assert.Equal(503, exec.Code);
        Assert.Equal("container \"a\" in pod \"p\" is waiting to start: ContainerCreating", log.Message);
    }

    private static async Task ReportAsync(
        GrpcDuplex<ControlMessage, AgentMessage> agent, IAsyncEnumerator<ControlMessage> messages, string status)
    {
        await agent.WriteAsync(new AgentMessage { Status = new StatusReport { Sequence = 1, StatusJson = ByteString.CopyFromUtf8(status) } }, default);
        while ((await NextAsync(messages)).StatusAck is null)
        {
            // Something else on its way.
        }
    }

    private static async Task<ControlMessage> NextAsync(IAsyncEnumerator<ControlMessage> messages) =>
        await messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)
            ? messages.Current
            : throw new InvalidOperationException("The server ended the call.");
}
