namespace MiniPlane.Workloads.Translation;

/// <summary>
/// The flags of one job. A later one replaces an earlier one of the same name, and also those that sbatch would not take
/// together with it.
/// </summary>
internal sealed class FlagSet
{
    private static readonly string[][] Rivals =
    [
        ["mem", "mem-per-cpu", "mem-per-gpu"],
        ["cpus-per-task", "cpus-per-gpu"],
        ["requeue", "no-requeue"],
    ];

    private static readonly string[] GpuFlags = ["gpus", "gpus-per-node", "gpus-per-task", "gpus-per-socket"];

    private readonly List<SbatchFlag> _flags = [];

    public IReadOnlyList<SbatchFlag> Flags => _flags;

    public void Set(string name, string? value) => Set(new SbatchFlag(name, value));

    public void Set(SbatchFlag flag)
    {
        SbatchFlag merged = flag.Name == "gres" ? KeepGpus(flag) : flag;
        if (GpuFlags.Contains(flag.Name, StringComparer.Ordinal))
        {
            DropGpusOfGres();
        }

        foreach (string rival in Rivals.Where(set => set.Contains(flag.Name, StringComparer.Ordinal)).SelectMany(set => set))
        {
            _flags.RemoveAll(other => other.Name == rival && other.Name != flag.Name);
        }

        int at = _flags.FindIndex(other => other.Name == flag.Name);
        if (at >= 0)
        {
            _flags[at] = merged;
        }
        else
        {
            _flags.Add(merged);
        }
    }

    public void Remove(string name) => _flags.RemoveAll(flag => flag.Name == name);

    /// <summary>The value of a flag, empty for one without, null when it is not set.</summary>
    public string? Find(string name) => _flags.Find(flag => flag.Name == name) is { } found ? found.Value ?? "" : null;

    /// <summary>Other resources asked for by hand leave the GPUs of the pod's own request standing.</summary>
    private SbatchFlag KeepGpus(SbatchFlag flag)
    {
        string now = flag.Value ?? "";
        if (Items(now).Any(IsGpu) || now is "none" or "NONE")
        {
            return flag;
        }

        IEnumerable<string> gpus = Items(Find("gres") ?? "").Where(IsGpu);
        return flag with { Value = string.Join(',', gpus.Concat(Items(now))) };
    }

    private void DropGpusOfGres()
    {
        string[] others = [.. Items(Find("gres") ?? "").Where(item => !IsGpu(item))];
        _flags.RemoveAll(flag => flag.Name == "gres");
        if (others.Length > 0)
        {
            _flags.Add(new SbatchFlag("gres", string.Join(',', others)));
        }
    }

    private static string[] Items(string gres) => gres.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsGpu(string item) => item.StartsWith("gpu", StringComparison.Ordinal) || item.StartsWith("gres:gpu", StringComparison.Ordinal);
}
