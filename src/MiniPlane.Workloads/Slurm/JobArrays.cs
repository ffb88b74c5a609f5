using System.Collections.Concurrent;
using System.Globalization;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Which pod is which task of a job array: a file for each array, in the order of the tasks, beside the pods' directories. The tasks
/// read it on the nodes to find their pods, and a later process of this cluster to find the pods of the jobs that it sees.
/// </summary>
internal sealed class JobArrays(string podsDirectory)
{
    /// <summary>Begins what stands for the pod's uid in the comment of an array.</summary>
    public const string Prefix = "array-";

    /// <summary>More than Slurm gives one array (its own bound is 4 000 001).</summary>
    public const int MostTasks = 4_000_002;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _directory = Path.Combine(Path.GetDirectoryName(podsDirectory.TrimEnd('/')) ?? "/", "arrays");
    private readonly ConcurrentDictionary<string, string[]> _known = new(StringComparer.Ordinal);

    public string FileOf(string array) => Path.Combine(_directory, array);

    /// <summary>Writes down a new array; its name.</summary>
    public string Create(IReadOnlyList<string> podUids)
    {
        string array = Prefix + Guid.NewGuid().ToString("n")[..12];
        Directory.CreateDirectory(_directory, OwnerOnly);
        string partial = FileOf(array) + ".partial";
        File.WriteAllLines(partial, podUids);
        File.Move(partial, FileOf(array));
        _known[array] = [.. podUids];
        return array;
    }

    public void Remove(string array)
    {
        _known.TryRemove(array, out _);
        File.Delete(FileOf(array));
    }

    /// <summary>The pod of a task (<c>123_4</c>) of an array, or empty when nobody knows it any more.</summary>
    public string FindPod(string array, string jobId)
    {
        string[] pods = _known.GetOrAdd(array, Read);
        int line = jobId.IndexOf('_', StringComparison.Ordinal);
        return line >= 0
            && int.TryParse(jobId.AsSpan(line + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int task)
            && task < pods.Length
                ? pods[task]
                : "";
    }

    /// <summary>How many tasks an array has, 0 when nobody knows any more.</summary>
    public int Count(string array) => _known.GetOrAdd(array, Read).Length;

    /// <summary>Removes what an earlier process left of arrays none of whose pods has a job any more.</summary>
    public void Sweep(IReadOnlySet<string> podsWithJobs)
    {
        string[] files = Directory.Exists(_directory) ? Directory.GetFiles(_directory) : [];
        foreach (string file in files.Where(file => !_known.ContainsKey(Path.GetFileName(file))))
        {
            if (!File.ReadLines(file).Any(podsWithJobs.Contains))
            {
                File.Delete(file);
            }
        }
    }

    private string[] Read(string array)
    {
        bool isName = array.StartsWith(Prefix, StringComparison.Ordinal) && array.Skip(Prefix.Length).All(char.IsAsciiLetterOrDigit);
        return isName && File.Exists(FileOf(array)) ? File.ReadAllLines(FileOf(array)) : [];
    }
}
