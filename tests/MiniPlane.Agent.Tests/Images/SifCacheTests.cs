using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Testing;

namespace MiniPlane.Agent.Tests.Images;

/// <summary>Images pulled by Apptainer itself.</summary>
public sealed class SifCacheTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-images").FullName;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private readonly List<SifCache> _caches = [];

    public void Dispose()
    {
        _caches.ForEach(cache => cache.Dispose());
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task However_many_agents_want_an_image_at_once_it_is_pulled_once()
    {
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        string digest = registry.AddImage("a/b", "1", "one");

        (PulledImage Image, bool WasPresent)[] pulled = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(pod => PullAsync(Cache($"pod-{pod}"), $"{registry.Address}/a/b:1")));

        Assert.All(pulled, pull => Assert.Equal($"{registry.Address}/a/b@{digest}", pull.Image.Id));
        Assert.All(pulled, pull => Assert.Equal(["/hello"], pull.Image.Config?.Cmd));
        Assert.Equal(1, registry.Layers);
        Assert.Single(Directory.GetFiles(Home, "*.sif"));
        Assert.Empty(Directory.GetFiles(Home, "*.lock"));
    }

    [Fact]
    public async Task The_site_says_how_many_images_are_pulled_at_once()
    {
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        registry.AddImage("aa", "1", "one");
        registry.AddImage("bb", "1", "two");
        TaskCompletionSource gate = new();
        TaskCompletionSource<string> waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        registry.Gate = gate.Task;

        Task<(PulledImage Image, bool WasPresent)> first = PullAsync(Cache("one", new PullLimits(0, 1)), $"{registry.Address}/aa:1");
        await Eventually.TrueAsync(() => registry.Layers == 1, "the first one is being pulled");
        Task<(PulledImage Image, bool WasPresent)> second = PullAsync(
            Cache("two", new PullLimits(0, 1)), $"{registry.Address}/bb:1", waiting: what => waiting.TrySetResult(what));

        Assert.Equal("waiting for one of 1 pulls at a time", await waiting.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal((2, 1), (registry.Layers, registry.MostAtOnce));
    }

    [Fact]
    public async Task What_is_there_is_found_by_name_and_by_digest_without_the_registry()
    {
        string address;
        string digest;
        await using (FakeRegistry registry = await FakeRegistry.StartAsync())
        {
            (address, digest) = (registry.Address, registry.AddImage("a/b", "1", "one"));
            await PullAsync(Cache("one"), $"{address}/a/b:1");
        }

        SifCache later = Cache("two");

        Assert.Equal($"{address}/a/b@{digest}", later.FindLocal(ImageReference.TryParse($"{address}/a/b:1")!)?.Id);
        Assert.NotNull(later.FindLocal(ImageReference.TryParse($"{address}/a/b@{digest}")!));
        Assert.Null(later.FindLocal(ImageReference.TryParse($"{address}/a/b:2")!));
    }

    [Fact]
    public async Task A_mirror_is_asked_first_and_the_registry_when_the_mirror_has_it_not()
    {
        await using FakeRegistry mirror = await FakeRegistry.StartAsync();
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        string here = mirror.AddImage("copies/aa", "1", "copy");
        string there = registry.AddImage("bb", "1", "original");
        RegistryPolicy policy = new() { Mirrors = new Dictionary<string, string>(StringComparer.Ordinal) { [registry.Address] = $"http://{mirror.Address}/copies" } };

        (PulledImage copied, _) = await PullAsync(Cache("pod", policy: policy), $"{registry.Address}/aa:1");
        (PulledImage original, _) = await PullAsync(Cache("pod", policy: policy), $"{registry.Address}/bb:1");
        ImagePullException missing = await Assert.ThrowsAsync<ImagePullException>(() => PullAsync(Cache("pod", policy: policy), $"{registry.Address}/cc:1"));

        Assert.Equal($"{registry.Address}/aa@{here}", copied.Id);
        Assert.Equal($"{registry.Address}/bb@{there}", original.Id);
        Assert.Contains($"{registry.Address}/cc:1: not found; {registry.Address}: ", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_with_accounts_is_asked_with_each_until_one_may_read()
    {
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        registry.AddImage("aa", "1", "secret");
        registry.Account = "me:word";

        ImagePullException refused = await Assert.ThrowsAsync<ImagePullException>(
            () => PullAsync(Cache("pod"), $"{registry.Address}/aa:1", [new RegistryAccount("you", "other")]));
        (PulledImage pulled, _) = await PullAsync(
            Cache("pod"), $"{registry.Address}/aa:1", [new RegistryAccount("you", "other"), new RegistryAccount("me", "word")]);

        Assert.Contains("pull access denied", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(pulled.Path));
    }

    [Fact]
    public async Task A_SIF_that_a_registry_keeps_is_fetched_as_it_is()
    {
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        registry.AddImage("aa", "1", "one");
        (PulledImage made, _) = await PullAsync(Cache("pod"), $"{registry.Address}/aa:1");
        byte[] sif = await File.ReadAllBytesAsync(made.Path);
        registry.AddSif("sifs/a", "1", sif);
        registry.Account = "me:word";

        (PulledImage fetched, _) = await PullAsync(Cache("pod"), $"oras://{registry.Address}/sifs/a:1", [new RegistryAccount("me", "word")]);

        Assert.NotEqual(made.Path, fetched.Path);
        Assert.Equal(sif, await File.ReadAllBytesAsync(fetched.Path));
    }

    private string Home => Path.Combine(_directory, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    private SifCache Cache(string pod, PullLimits? limits = null, RegistryPolicy? policy = null)
    {
        SifCache cache = new(
            _directory, "apptainer", pod, new RegistryClient(_http, policy ?? new RegistryPolicy(), TimeProvider.System), limits ?? PullLimits.None, NullLogger.Instance, TimeProvider.System);
        _caches.Add(cache);
        return cache;
    }

    private static async Task<(PulledImage Image, bool WasPresent)> PullAsync(
        SifCache cache, string image, IReadOnlyList<RegistryAccount>? accounts = null, Action<string>? waiting = null) =>
        await cache.PullAsync(
            new ImagePull { Reference = ImageReference.TryParse(image)!, Accounts = _ => accounts ?? [], Waiting = waiting ?? (static _ => { }) },
            CancellationToken.None);
}
