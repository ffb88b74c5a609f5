using System.CommandLine;

namespace MiniPlane.CommandLine;

/// <summary>The option <c>-o</c>: for people, or JSON for programs.</summary>
internal static class OutputForm
{
    private const string Json = "json";

    public static Option<string> Option()
    {
        var option = new Option<string>("--output", "-o") { Description = "text or json.", HelpName = "FORM", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", Json);
        return option;
    }

    public static bool IsJson(ParseResult parsed, Option<string> option) => parsed.GetValue(option) == Json;
}
