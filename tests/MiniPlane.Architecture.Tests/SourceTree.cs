namespace MiniPlane.Architecture.Tests;

/// <summary>The repository's files as they lie on disk, without what builds and tools leave there.</summary>
internal static class SourceTree
{
    private static readonly string[] LeftByTools = ["artifacts", "bin", "obj", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files under a folder of the repository, relative to its root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string extension)
    {
        string start = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(start, "*" + extension, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.') || LeftByTools.Contains(part, StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "MiniPlane.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No MiniPlane.sln above {AppContext.BaseDirectory}");
    }
}
