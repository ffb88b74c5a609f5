using System.Globalization;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Kubernetes' URL library.</summary>
internal static class UrlFunctions
{
    public static void Add(FunctionList list) => list
        .Add("url(string) URL", values => UrlValue.TryParse((string)values[0]!) ?? throw new CelException($"URL parse error during conversion from string: parse \"{values[0]}\": invalid URI for request"))
        .Add("isURL(string) bool", values => UrlValue.TryParse((string)values[0]!) is not null)
        .Add("URL.getScheme() string", values => Of(values[0]).IsPath ? "" : Of(values[0]).Uri.Scheme)
        .Add("URL.getHost() string", values => Host(Of(values[0])))
        .Add("URL.getHostname() string", values => Of(values[0]).IsPath ? "" : Of(values[0]).Uri.Host.Trim('[', ']'))
        .Add("URL.getPort() string", values => Port(Of(values[0])))
        .Add("URL.getEscapedPath() string", values => Path(Of(values[0])))
        .Add("URL.getQuery() map", values => Query(Of(values[0])));

    private static UrlValue Of(object? value) => (UrlValue)value!;

    // The port as it is written, even where it is the usual one.
    private static string Port(UrlValue url)
    {
        string authority = Host(url);
        int colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon >= 0 ? authority[(colon + 1)..] : "";
    }

    private static string Host(UrlValue url)
    {
        if (url.IsPath)
        {
            return "";
        }

        int start = url.Text.IndexOf("//", StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        string rest = url.Text[(start + 2)..];
        int end = rest.IndexOfAny(['/', '?', '#']);
        string authority = end < 0 ? rest : rest[..end];
        return authority[(authority.IndexOf('@', StringComparison.Ordinal) + 1)..];
    }

    private static string Path(UrlValue url)
    {
        bool hasPath = url.IsPath || url.Text.IndexOf('/', Math.Min(url.Text.Length, url.Text.IndexOf("//", StringComparison.Ordinal) + 2)) >= 0;
        return hasPath ? url.Uri.AbsolutePath : "";
    }

    private static DictionaryMap Query(UrlValue url)
    {
        var map = new DictionaryMap();
        foreach (string pair in url.Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=', 2);
            string name = Unescape(sides[0]);
            string value = sides.Length > 1 ? Unescape(sides[1]) : "";
            List<object?> values = map.TryGet(name, out object? known) && known is List<object?> list ? list : [];
            values.Add(value);
            map.Set(name, values);
        }

        return map;
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' ')).ToString(CultureInfo.InvariantCulture);
}
