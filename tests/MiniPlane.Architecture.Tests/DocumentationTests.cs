using System.Text.RegularExpressions;

namespace MiniPlane.Architecture.Tests;

/// <summary>Documents name files that exist: a page that has gone stale fails here.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Folders = ["src/", "tests/", "docs/", "container/", ".ci/"];

    public static TheoryData<string> Pages => [.. SourceTree.Files("docs", ".md").Prepend("README.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_path_in_back_ticks_exists(string page)
    {
        IEnumerable<string> paths = BackTicked().Matches(SourceTree.Read(page)).Select(match => match.Groups["text"].Value)
            .Where(text => Folders.Any(folder => text.StartsWith(folder, StringComparison.Ordinal)))
            .Where(text => !text.Contains('<', StringComparison.Ordinal) && !text.Contains('*', StringComparison.Ordinal));

        Assert.All(paths, path => Assert.True(SourceTree.Exists(path.Split(' ')[0]), path));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_inside_the_repository_leads_to_a_file_and_never_to_a_line(string page)
    {
        string folder = Path.GetDirectoryName(page) ?? "";
        string[] links =
        [
            .. Link().Matches(SourceTree.Read(page)).Select(match => match.Groups["text"].Value)
                .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')),
        ];

        Assert.All(links, link => Assert.DoesNotContain("#L", link, StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(SourceTree.Exists(Path.Combine(folder, link.Split('#')[0])), link));
    }

    [GeneratedRegex("`(?<text>[^`\\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BackTicked();

    [GeneratedRegex(@"\]\((?<text>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();
}
