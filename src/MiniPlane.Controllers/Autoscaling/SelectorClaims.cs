using System.Collections.Concurrent;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// Which autoscaler counts which pods. Two that count the same pod would pull its number in two directions, so upstream scales by none
/// of them and says <c>AmbiguousSelector</c>.
/// </summary>
internal sealed class SelectorClaims(ClusterContext cluster)
{
    private readonly ConcurrentDictionary<ObjectKey, LabelSelector> _selectors = new();

    public void Forget(ObjectKey autoscaler) => _selectors.TryRemove(autoscaler, out _);

    /// <summary>Remembers an autoscaler's selector; returns all that count one of its pods, if they are several.</summary>
    public IReadOnlyList<ObjectKey> Claim(ObjectKey autoscaler, LabelSelector selector)
    {
        _selectors[autoscaler] = selector;
        (ObjectKey Key, LabelSelector Selector)[] near = [.. _selectors.Where(other => other.Key.Namespace == autoscaler.Namespace).Select(other => (other.Key, other.Value))];
        if (near.Length < 2)
        {
            return [];
        }

        IEnumerable<ObjectDocument> counted = cluster.Informers.For(cluster.Kinds.Pod).InNamespace(autoscaler.Namespace)
            .Where(pod => selector.Matches(pod.Metadata.Labels));
        ObjectKey[] claimants =
        [
            .. counted.SelectMany(pod => near.Where(other => other.Selector.Matches(pod.Metadata.Labels)))
                .Select(other => other.Key)
                .Distinct()
                .OrderBy(key => key.Name, StringComparer.Ordinal),
        ];
        return claimants.Length > 1 ? claimants : [];
    }
}
