using System.CommandLine;
using MiniPlane.CommandLine;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Integration.Tests.CommandLine;

/// <summary>Pages that list things list all of them.</summary>
public sealed class DocumentsTests
{
    [Fact]
    public void Every_command_and_exit_code_stands_on_the_page_of_the_command_line()
    {
        string page = Read("docs/command-line.md");
        using var nothing = new StringWriter();
        RootCommand root = Commands.Create(new Terminal(Spectre.Console.AnsiConsole.Console, nothing, nothing));

        Assert.All(root.Subcommands, command => Assert.Contains($"| `miniplane {command.Name}", page, StringComparison.Ordinal));
        int[] codes = [.. typeof(ExitCodes).GetFields().Select(field => (int)(field.GetRawConstantValue() ?? -1))];
        Assert.All(codes, code => Assert.Contains($"\n| {code} | ", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_annotation_that_a_pod_may_carry_stands_on_the_page_of_annotations()
    {
        string page = Read("docs/annotations.md");
        var errors = new FieldErrors();
        string[] names = [.. KnownAnnotations()];

        Assert.Empty(errors.Causes);
        Assert.True(names.Length > 50);
        Assert.All(names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    // The refusal of a wrong name lists all that are right.
    private static IEnumerable<string> KnownAnnotations()
    {
        var errors = new FieldErrors();
        using var cluster = PreviewOnly.Create();
        cluster.Preview.Preview(
            new System.Text.Json.Nodes.JsonObject
            {
                ["metadata"] = new System.Text.Json.Nodes.JsonObject
                {
                    ["name"] = "one",
                    ["annotations"] = new System.Text.Json.Nodes.JsonObject { [WorkloadAnnotations.Prefix + "no-such"] = "x" },
                },
            },
            errors);
        string list = Assert.Single(errors.Causes).Message;
        return list[list.IndexOf("supported values", StringComparison.Ordinal)..].Split('"').Where((_, at) => at % 2 == 1)
            .Select(name => name == WorkloadAnnotations.Flags ? name : name[WorkloadAnnotations.Prefix.Length..]);
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));
}
