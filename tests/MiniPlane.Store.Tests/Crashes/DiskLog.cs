namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// Everything a program did to its files, in order, and what it told others meanwhile; and from that, what a disk may hold if the
/// power went off at some moment. What a file's last sync covered is there. Of what came later each 512-byte sector of each write,
/// and each change of length, may be there or not, whatever came before or after it: that is all a disk that reorders promises. A
/// removed file may be back unless its directory was synced.
/// </summary>
internal sealed class DiskLog
{
    private const int Sector = 512;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    private enum Kind
    {
        Write,
        Truncate,
        Sync,
        Remove,
        Move,
        Note,
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public void Write(string file, long offset, ReadOnlySpan<byte> bytes) => Add(new(Kind.Write, file, offset, bytes.ToArray(), null));

    public void Truncate(string file, long length) => Add(new(Kind.Truncate, file, length, [], null));

    public void Sync(string file) => Add(new(Kind.Sync, file, 0, [], null));

    public void Remove(string file, bool isSynced) => Add(new(Kind.Remove, file, isSynced ? 1 : 0, [], null));

    /// <summary>A file took another's place, and the directory was synced before anything else happened.</summary>
    public void Move(string from, string to) => Add(new(Kind.Move, from, 0, System.Text.Encoding.UTF8.GetBytes(to), null));

    /// <summary>Something that happened at this moment, done again to the model of what the outside knows.</summary>
    public void Note(Action<WriteLedger> happened) => Add(new(Kind.Note, "", 0, [], happened));

    /// <summary>The same on a disk whose syncs do nothing.</summary>
    public DiskLog WithoutSyncs()
    {
        var log = new DiskLog();
        log._entries.AddRange(_entries.Select(entry => entry.Kind == Kind.Sync ? entry with { Kind = Kind.Note, Happened = _ => { } } : entry));
        return log;
    }

    /// <summary>The files as they may be after a power cut before entry <paramref name="end"/>, and what the outside knew then.</summary>
    public (Dictionary<string, byte[]> Files, WriteLedger Ledger) CutAt(int end, Random random)
    {
        var ledger = new WriteLedger();
        var disks = new Dictionary<string, List<Entry>>(StringComparer.Ordinal);
        var durable = new Dictionary<string, MemoryStream>(StringComparer.Ordinal);
        foreach (Entry entry in _entries.Take(end))
        {
            Follow(entry, disks, durable, ledger);
        }

        // From nothing survives to all survives: both ends are worth a try as well.
        double survival = random.Next(5) switch { 0 => 0, 1 => 0.1, 2 => 0.5, 3 => 0.9, _ => 1 };
        foreach ((string file, List<Entry> pending) in disks)
        {
            foreach (Entry entry in pending)
            {
                ApplySome(durable, file, entry, random, survival);
            }
        }

        return (durable.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal), ledger);
    }

    /// <summary>What happened last, for a message.</summary>
    public string Describe(int end) => string.Join(
        ' ',
        _entries.Take(end).Where(entry => entry.Kind != Kind.Note).TakeLast(20).Select(entry => $"{entry.Kind}:{entry.File}@{entry.Offset}+{entry.Bytes.Length}"));

    private static void Follow(
        Entry entry, Dictionary<string, List<Entry>> disks, Dictionary<string, MemoryStream> durable, WriteLedger ledger)
    {
        if (entry.Happened is { } happened)
        {
            happened(ledger);
            return;
        }

        if (entry.Kind == Kind.Move)
        {
            Move(entry.File, System.Text.Encoding.UTF8.GetString(entry.Bytes), disks, durable);
            return;
        }

        if (!disks.TryGetValue(entry.File, out List<Entry>? pending))
        {
            disks[entry.File] = pending = [];
        }

        if (entry.Kind != Kind.Sync && !(entry.Kind == Kind.Remove && entry.Offset == 1))
        {
            pending.Add(entry);
            return;
        }

        foreach (Entry done in pending)
        {
            Apply(durable, entry.File, done);
        }

        pending.Clear();
        if (entry.Kind == Kind.Remove)
        {
            durable.Remove(entry.File);
        }
    }

    private static void Move<TPending, TContent>(
        string from, string to, Dictionary<string, TPending> disks, Dictionary<string, TContent> durable)
    {
        _ = disks.Remove(to);
        if (disks.Remove(from, out TPending? pending))
        {
            disks[to] = pending;
        }

        _ = durable.Remove(to);
        if (durable.Remove(from, out TContent? content))
        {
            durable[to] = content;
        }
    }

    private static void ApplySome(Dictionary<string, MemoryStream> durable, string file, Entry entry, Random random, double survival)
    {
        if (entry.Kind != Kind.Write)
        {
            if (random.NextDouble() < survival)
            {
                Apply(durable, file, entry);
            }

            return;
        }

        for (long from = entry.Offset; from < entry.Offset + entry.Bytes.Length;)
        {
            long to = Math.Min((from / Sector * Sector) + Sector, entry.Offset + entry.Bytes.Length);
            if (random.NextDouble() < survival)
            {
                byte[] part = entry.Bytes[(int)(from - entry.Offset)..(int)(to - entry.Offset)];
                Apply(durable, file, entry with { Offset = from, Bytes = part });
            }

            from = to;
        }
    }

    private static void Apply(Dictionary<string, MemoryStream> durable, string file, Entry entry)
    {
        if (entry.Kind == Kind.Remove)
        {
            durable.Remove(file);
            return;
        }

        if (!durable.TryGetValue(file, out MemoryStream? content))
        {
            durable[file] = content = new MemoryStream();
        }

        if (entry.Kind == Kind.Truncate)
        {
            content.SetLength(entry.Offset);
            return;
        }

        content.Position = entry.Offset;
        content.Write(entry.Bytes);
    }

    private void Add(Entry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
        }
    }

    private sealed record Entry(Kind Kind, string File, long Offset, byte[] Bytes, Action<WriteLedger>? Happened);
}
