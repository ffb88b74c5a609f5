using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Yes or no in a query, as apimachinery converts it: all but <c>0</c> and <c>false</c> (in any case) is yes, an empty value too.</summary>
internal static class QueryFlags
{
    public static bool IsTrue(this IQueryCollection query, string name) =>
        query.TryGetValue(name, out StringValues values) && values.Count > 0 && IsTrue(values[0]);

    public static bool IsTrue(string? text) => text != "0" && !string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
}
