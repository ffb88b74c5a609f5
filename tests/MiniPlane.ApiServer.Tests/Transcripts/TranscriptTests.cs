using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Transcripts;

/// <summary>Conversations that were recorded from a real kube-apiserver 1.36, played against ours.</summary>
public sealed class TranscriptTests
{
    [Theory]
    [InlineData("a-crud")]
    [InlineData("b-lists")]
    [InlineData("c-patch")]
    [InlineData("g-watch")]
    public async Task Every_step_is_answered_as_kube_apiserver_answered_it(string scenario)
    {
        await using TestApiServer server = await TestApiServer.StartAsync();

        IReadOnlyList<string> differences = await new TranscriptPlayer(server).PlayAsync(scenario);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
