namespace MiniPlane.Controllers.Revisions;

/// <summary>The revisions of one owner: all, the oldest first, and the one of its present template.</summary>
internal sealed record RevisionState(IReadOnlyList<OwnedRevision> All, OwnedRevision Update, int Collisions)
{
    public OwnedRevision? Find(string? name) => All.FirstOrDefault(revision => revision.Name == name);
}
