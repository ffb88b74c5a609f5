using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Integration.Tests.Chaos;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Informers;

/// <summary>
/// What client-go's reflector does, over real HTTP: list in pages (or stream the list), watch from there with bookmarks, resume where
/// the last watch ended, list again when the server has forgotten that. Keeps what it was told, in order.
/// </summary>
internal sealed class Informer(SimulatedCluster cluster, string path, bool streamsList, int watchSeconds)
{
    private readonly ConcurrentDictionary<string, long> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Seen> _seen = new();
    private long _revision;

    /// <summary>Objects known now, with their resourceVersions.</summary>
    public IReadOnlyDictionary<string, long> Cache => _cache;

    public IReadOnlyCollection<Seen> Told => _seen;

    /// <summary>Lists made, the first one included.</summary>
    public int Lists { get; private set; }

    public int Watches { get; private set; }

    public int Bookmarks { get; private set; }

    /// <summary>The newest state that a list gave; what lies before need not have been told event by event.</summary>
    public long ListedAt { get; private set; }

    public long Revision => Volatile.Read(ref _revision);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (Revision == 0 && !streamsList)
                {
                    await ListAsync(cancellationToken);
                }

                await WatchAsync(cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                // The server is away for a moment.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        string next = "";
        long at;
        do
        {
            JsonNode page = JsonNode.Parse(await cluster.Client.GetStringAsync(
                new Uri($"{path}?limit=500{(next.Length > 0 ? "&continue=" + Uri.EscapeDataString(next) : "")}", UriKind.Relative), cancellationToken))!;
            foreach (JsonObject item in page.Objects("items"))
            {
                found[item.TextOrEmpty("metadata", "name")] = Version(item);
            }

            at = Version(page);
            next = page.TextOrEmpty("metadata", "continue");
        }
        while (next.Length > 0);
        Replace(found, at);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        bool isInitial = Revision == 0;
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        string from = isInitial ? "sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            : string.Create(CultureInfo.InvariantCulture, $"resourceVersion={Revision}");
        Watches++;
        using HttpResponseMessage answer = await cluster.Client.GetAsync(
            new Uri($"{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={watchSeconds}&{from}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
        if ((int)answer.StatusCode == 410)
        {
            Volatile.Write(ref _revision, 0);
            return;
        }

        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            JsonNode told = JsonNode.Parse(line)!;
            string type = told.TextOrEmpty("type");
            JsonNode obj = told["object"]!;
            if (type == "ERROR")
            {
                Assert.Equal(410, obj.Integer("code"));
                Volatile.Write(ref _revision, 0);
                return;
            }

            if (isInitial)
            {
                isInitial = !IsEndOfInitial(type, obj, found);
                continue;
            }

            Take(type, obj);
        }
    }

    private bool IsEndOfInitial(string type, JsonNode obj, Dictionary<string, long> found)
    {
        if (type != "BOOKMARK")
        {
            found[obj.TextOrEmpty("metadata", "name")] = Version(obj);
            return false;
        }

        Assert.Equal("true", obj.Text("metadata", "annotations", "k8s.io/initial-events-end"));
        Replace(found, Version(obj));
        return true;
    }

    private void Take(string type, JsonNode obj)
    {
        long revision = Version(obj);
        string name = obj.TextOrEmpty("metadata", "name");
        if (type == "BOOKMARK")
        {
            Bookmarks++;
        }
        else
        {
            _seen.Enqueue(new Seen(type, name, revision));
            if (type == "DELETED")
            {
                _cache.TryRemove(name, out _);
            }
            else
            {
                _cache[name] = revision;
            }
        }

        Volatile.Write(ref _revision, revision);
    }

    private void Replace(Dictionary<string, long> found, long at)
    {
        Lists++;
        foreach (string gone in _cache.Keys.Where(name => !found.ContainsKey(name)))
        {
            _cache.TryRemove(gone, out _);
        }

        foreach ((string name, long revision) in found)
        {
            _cache[name] = revision;
        }

        ListedAt = at;
        Volatile.Write(ref _revision, at);
    }

    private static long Version(JsonNode obj) =>
        long.Parse(obj.TextOrEmpty("metadata", "resourceVersion"), CultureInfo.InvariantCulture);
}
