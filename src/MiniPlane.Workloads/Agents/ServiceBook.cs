using System.Collections.Concurrent;
using System.Text;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Workloads.Agents;

/// <summary>The services and their endpoints as they are now, and the hosts file of each namespace made from them.</summary>
internal sealed class ServiceBook(WorkloadsOptions options)
{
    private readonly ConcurrentDictionary<ObjectKey, ObjectDocument> _services = new();
    private readonly ConcurrentDictionary<ObjectKey, ServiceRecord> _records = new();
    private readonly ConcurrentDictionary<ObjectKey, EndpointSliceRecord> _slices = new();
    private long _version;

    /// <summary>Grows with each change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public IEnumerable<ObjectDocument> ServicesOf(string ns) => _services.Where(pair => pair.Key.Namespace == ns).Select(pair => pair.Value);

    public ReadOnlyMemory<byte> RenderHosts(string ns) =>
        Encoding.UTF8.GetBytes(HostsFile.Render(ns, options.ClusterDomain, _records.Values, _slices.Values));

    public void ResetServices(IReadOnlyList<ObjectDocument> documents)
    {
        HashSet<ObjectKey> now = [.. documents.Select(document => document.Key)];
        foreach (ObjectKey gone in _services.Keys.Where(key => !now.Contains(key)))
        {
            _services.TryRemove(gone, out _);
            _records.TryRemove(gone, out _);
        }

        foreach (ObjectDocument document in documents)
        {
            ChangeService(document, isGone: false);
        }
    }

    public void ChangeService(ObjectDocument document, bool isGone)
    {
        if (isGone)
        {
            _services.TryRemove(document.Key, out _);
            _records.TryRemove(document.Key, out _);
        }
        else
        {
            _services[document.Key] = document;
            _records[document.Key] = ServiceRecord.From(document);
        }

        Interlocked.Increment(ref _version);
    }

    public void ResetSlices(IReadOnlyList<ObjectDocument> documents)
    {
        HashSet<ObjectKey> now = [.. documents.Select(document => document.Key)];
        foreach (ObjectKey gone in _slices.Keys.Where(key => !now.Contains(key)))
        {
            _slices.TryRemove(gone, out _);
        }

        foreach (ObjectDocument document in documents)
        {
            ChangeSlice(document, isGone: false);
        }
    }

    public void ChangeSlice(ObjectDocument document, bool isGone)
    {
        if (isGone)
        {
            _slices.TryRemove(document.Key, out _);
        }
        else
        {
            _slices[document.Key] = EndpointSliceRecord.From(document);
        }

        Interlocked.Increment(ref _version);
    }
}
