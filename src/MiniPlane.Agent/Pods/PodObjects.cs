using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using MiniPlane.Agent.Views;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Pods;

/// <summary>The ConfigMaps, Secrets, claims and tokens of the pod, as the control plane has sent them so far.</summary>
internal sealed class PodObjects
{
    private const long DefaultTokenSeconds = 3600;

    private readonly ConcurrentDictionary<(string Kind, string Name), ByteString> _objects = new();
    private readonly ConcurrentDictionary<(string Audience, long Seconds), string> _tokens = new();

    /// <summary>Counts changes: who has seen this number has seen everything until then.</summary>
    public long Version => Interlocked.Read(ref _version);

    private long _version;

    public void Set(NamedObject change)
    {
        _objects[(change.Kind, change.Name)] = change.Json;
        Interlocked.Increment(ref _version);
    }

    public void Set(ServiceAccountToken token)
    {
        _tokens[(token.Audience, token.ExpirationSeconds == 0 ? DefaultTokenSeconds : token.ExpirationSeconds)] = token.Token;
        Interlocked.Increment(ref _version);
    }

    public DataObjectView? FindConfigMap(string name) => Find("ConfigMap", name, PodJson.Default.DataObjectView);

    public DataObjectView? FindSecret(string name) => Find("Secret", name, PodJson.Default.DataObjectView);

    public ClaimView? FindClaim(string name) => Find("PersistentVolumeClaim", name, PodJson.Default.ClaimView);

    public PersistentVolumeView? FindVolume(string name) => Find("PersistentVolume", name, PodJson.Default.PersistentVolumeView);

    public string? FindToken(string audience, long? seconds) =>
        _tokens.GetValueOrDefault((audience, seconds ?? DefaultTokenSeconds));

    private T? Find<T>(string kind, string name, JsonTypeInfo<T> type)
        where T : class =>
        _objects.TryGetValue((kind, name), out ByteString? json) && !json.IsEmpty
            ? JsonSerializer.Deserialize(json.Span, type)
            : null;
}
