namespace MiniPlane.Controllers.Collection;

/// <summary>
/// The uids of the last owners whose end was seen (upstream's absentOwnerCache). A definition goes together with its objects, and then
/// nothing else tells what became of them.
/// </summary>
internal sealed class EndedOwners
{
    private const int Most = 500;

    // Guards the fields below.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    public void Add(string uid)
    {
        lock (_gate)
        {
            if (!_known.Add(uid))
            {
                return;
            }

            _oldestFirst.Enqueue(uid);
            if (_oldestFirst.Count > Most)
            {
                _known.Remove(_oldestFirst.Dequeue());
            }
        }
    }

    public bool Contains(string uid)
    {
        lock (_gate)
        {
            return _known.Contains(uid);
        }
    }
}
