using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>
/// One Deployment with its ReplicaSets during one reconcile. Steps replace the documents by what their writes returned, and collect
/// the status that is written once at the end.
/// </summary>
internal sealed class Rollout
{
    private readonly List<OwnedReplicaSet> _sets;

    public Rollout(ObjectDocument document, IEnumerable<ObjectDocument> sets)
    {
        Document = document;
        _sets = [.. sets.Select(set => new OwnedReplicaSet(set)).OrderBy(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal)];
        JsonObject json = document.ToJson();
        Template = json.Object("spec", "template") ?? [];
        Status = (JsonObject?)json["status"]?.DeepClone() ?? [];
        Current = _sets.Find(set => TemplateHash.Same(set.Template, Template));
    }

    public ObjectDocument Document { get; set; }

    public Deployment View => Document.AsDeployment();

    public JsonObject Template { get; }

    /// <summary>The status as it will be written.</summary>
    public JsonObject Status { get; }

    /// <summary>The ReplicaSet of the present template, the oldest if there are several; null before it is made.</summary>
    public OwnedReplicaSet? Current { get; private set; }

    /// <summary>All ReplicaSets, the oldest first.</summary>
    public IReadOnlyList<OwnedReplicaSet> All => _sets;

    /// <summary>All but the present one, the oldest first.</summary>
    public IReadOnlyList<OwnedReplicaSet> Old => [.. _sets.Where(set => set.Uid != Current?.Uid)];

    public IReadOnlyList<OwnedReplicaSet> Active => [.. _sets.Where(set => set.Wanted > 0)];

    public int Total => _sets.Sum(set => set.Wanted);

    public void AddCurrent(ObjectDocument created)
    {
        Current = new OwnedReplicaSet(created);
        _sets.RemoveAll(set => set.Uid == Current.Uid);
        _sets.Add(Current);
    }

    /// <summary>Takes over the newer state of one of the ReplicaSets.</summary>
    public void Replace(ObjectDocument written)
    {
        var set = new OwnedReplicaSet(written);
        int index = _sets.FindIndex(known => known.Uid == set.Uid);
        if (index >= 0)
        {
            _sets[index] = set;
        }

        if (Current?.Uid == set.Uid)
        {
            Current = set;
        }
    }
}
