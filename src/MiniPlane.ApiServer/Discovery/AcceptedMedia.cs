using Microsoft.Net.Http.Headers;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>What a client accepts, best first: the clauses of an Accept header.</summary>
internal static class AcceptedMedia
{
    private static readonly MediaTypeHeaderValue[] Anything = [new("*/*")];

    /// <summary>
    /// The clauses by quality, then as written; a missing header accepts anything. A clause that cannot be read (as the type of
    /// OpenAPI's protobuf form, which has an at sign) is one that cannot be served.
    /// </summary>
    public static IReadOnlyList<MediaTypeHeaderValue> Parse(IList<string?> header)
    {
        string[] clauses =
            [.. header.OfType<string>().SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (clauses.Length == 0)
        {
            return Anything;
        }

        var readable = new List<MediaTypeHeaderValue>();
        foreach (string text in clauses)
        {
            if (MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? clause) && clause.Quality is null or > 0)
            {
                readable.Add(clause);
            }
        }

        return [.. readable.OrderByDescending(clause => clause.Quality ?? 1)];
    }

    /// <summary>Whether a clause lets plain JSON through.</summary>
    public static bool AllowsJson(MediaTypeHeaderValue clause) =>
        clause.MatchesAllTypes
        || (clause.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (clause.MatchesAllSubTypes || clause.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)));

    public static string Parameter(MediaTypeHeaderValue clause, string name)
    {
        foreach (NameValueHeaderValue parameter in clause.Parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Value.Value ?? "";
            }
        }

        return "";
    }
}
