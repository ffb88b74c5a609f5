using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.Ingress.Routing;

/// <summary>All routes and certificates of this moment; swapped as a whole.</summary>
internal sealed class RoutingTable
{
    public static readonly RoutingTable Empty = new([], new Dictionary<string, X509Certificate2>(StringComparer.OrdinalIgnoreCase));

    private readonly Dictionary<string, Route[]> _byHost;
    private readonly IReadOnlyDictionary<string, X509Certificate2> _certificates;

    public RoutingTable(IEnumerable<Route> routes, IReadOnlyDictionary<string, X509Certificate2> certificates)
    {
        _certificates = certificates;

        // The longest path first, and of equal ones the exact; then the order in which they were given (oldest Ingress first).
        _byHost = routes.GroupBy(route => route.Host, StringComparer.OrdinalIgnoreCase).ToDictionary(
            group => group.Key,
            group => group.OrderByDescending(route => route.Path.Path.TrimEnd('/').Length).ThenByDescending(route => route.Path.IsExact).ToArray(),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The route for a request: exact hosts before wildcards before rules without a host.</summary>
    public Route? Find(string host, string path) =>
        FindIn(host, path) ?? FindIn(Wildcard(host), path) ?? FindIn("", path);

    /// <summary>The certificate for a name that a client asks for (SNI), or null.</summary>
    public X509Certificate2? Certificate(string? host) =>
        string.IsNullOrEmpty(host) ? null
        : _certificates.TryGetValue(host, out X509Certificate2? exact) ? exact
        : _certificates.GetValueOrDefault(Wildcard(host));

    private Route? FindIn(string host, string path) =>
        _byHost.TryGetValue(host, out Route[]? routes) ? Array.Find(routes, route => route.Path.Matches(path)) : null;

    private static string Wildcard(string host) =>
        host.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? "*" + host[dot..] : "*";
}
