namespace MiniPlane.Integration.Tests;

/// <summary>Finds the checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory)
    {
        string? here = directory;
        while (here is not null && !File.Exists(Path.Combine(here, "MiniPlane.sln")))
        {
            here = Path.GetDirectoryName(here);
        }

        return here ?? throw new DirectoryNotFoundException("MiniPlane.sln is not above " + directory);
    }
}
