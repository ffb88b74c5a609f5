namespace MiniPlane.Cel.Values;

/// <summary>A parsed URL.</summary>
internal sealed record UrlValue(Uri Uri, string Text) : ICelOpaque
{
    public CelKind Kind => CelKind.Url;

    /// <summary>An absolute URI or an absolute path, as Go's ParseRequestURI takes them; null for anything else.</summary>
    public static UrlValue? TryParse(string text)
    {
        if (text.StartsWith('/') && Uri.TryCreate("http://none" + text, UriKind.Absolute, out Uri? path))
        {
            return new UrlValue(path, text);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? new UrlValue(uri, text) : null;
    }

    public bool IsPath => Text.StartsWith('/');

    public bool Equals(ICelOpaque? other) => other is UrlValue value && value.Text == Text;

    public override string ToString() => Text;
}
