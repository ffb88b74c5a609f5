using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>Looks at processes through /proc.</summary>
internal static class ProcessTree
{
    /// <summary>The children of a process, of all its threads.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId)
    {
        List<int> children = [];
        try
        {
            foreach (string task in Directory.EnumerateDirectories($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/task"))
            {
                string text = File.ReadAllText(Path.Combine(task, "children"));
                foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    children.Add(int.Parse(word, CultureInfo.InvariantCulture));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended since it was listed.
        }

        return children;
    }

    /// <summary>The descendant that runs a program of this name, or null.</summary>
    public static int? Find(int ancestor, string programName)
    {
        Queue<int> open = new([ancestor]);
        while (open.TryDequeue(out int processId))
        {
            if (NameOf(processId) == programName)
            {
                return processId;
            }

            foreach (int child in ChildrenOf(processId))
            {
                open.Enqueue(child);
            }
        }

        return null;
    }

    private static string? NameOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/comm").TrimEnd('\n');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
