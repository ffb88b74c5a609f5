using System.Text.RegularExpressions;

namespace MiniPlane.Architecture.Tests;

/// <summary>What every file of the repository keeps to.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 400;

    private static readonly string[] TopLevel =
    [
        "src", "tests", "container", "docs", "Dockerfile", "MiniPlane.sln", "README.md", "artifacts",
        "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json", "LICENSE", "NuGet.config",
    ];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        IEnumerable<string> files = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs"));

        string[] tooLong = [.. files.Where(file => SourceTree.Read(file).Count('\n') > MostLines)];

        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_top_level_holds_nothing_but_what_belongs_there()
    {
        string[] names =
        [
            .. Directory.EnumerateFileSystemEntries(SourceTree.Root).Select(entry => Path.GetFileName(entry))
                .Where(name => !name.StartsWith('.')),
        ];

        Assert.Empty(names.Except(TopLevel, StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        IEnumerable<string> files = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs"));

        string[] unfinished = [.. files.Where(file => Unfinished().IsMatch(SourceTree.Read(file)))];

        Assert.Empty(unfinished);
    }

    [Fact]
    public void Every_script_names_its_interpreter_and_can_be_executed()
    {
        // Golden job scripts are what sbatch gets, not programs of the project.
        IEnumerable<string> scripts = SourceTree.Files("tests", ".sh").Concat(SourceTree.Files("docs", ".sh"))
            .Where(script => !script.Contains("/Golden/", StringComparison.Ordinal));
        foreach (string script in scripts)
        {
            bool isLibrary = Path.GetFileName(script) == "lib.sh";
            Assert.Equal(!isLibrary, SourceTree.Read(script).StartsWith("#!/usr/bin/env bash\n", StringComparison.Ordinal));
            Assert.Equal(!isLibrary, File.GetUnixFileMode(Path.Combine(SourceTree.Root, script)).HasFlag(UnixFileMode.UserExecute));
        }
    }

    // The pieces are apart so that this file does not find itself.
    [GeneratedRegex("NotImplemented" + "Exception|\\bTO" + "DO\\b|\\bFIX" + "ME\\b|Skip" + " = \"", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Unfinished();
}
