namespace MiniPlane.Ingress.Routing;

/// <summary>networking.v1.HTTPIngressPath: Exact, or Prefix by whole path elements; ImplementationSpecific is a prefix here. Pure.</summary>
internal sealed record PathMatch(string Path, bool IsExact)
{
    public bool Matches(string path)
    {
        if (IsExact)
        {
            return path == Path;
        }

        string prefix = Path.TrimEnd('/');
        return path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }
}
