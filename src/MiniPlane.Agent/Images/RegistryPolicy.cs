namespace MiniPlane.Agent.Images;

/// <summary>The site's word on registries: which may be spoken to without TLS, and which have a mirror.</summary>
internal sealed record RegistryPolicy
{
    public IReadOnlyList<string> Insecure { get; init; } = [];

    /// <summary>registry → host[:port][/prefix] that has the same repositories.</summary>
    public IReadOnlyDictionary<string, string> Mirrors { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Authorities of registries, beside those that the node trusts, as PEM text.</summary>
    public string Authorities { get; init; } = "";

    /// <summary>Where to ask for a reference, in this order: the mirror, and what it mirrors.</summary>
    public IEnumerable<ImageLocation> Locate(ImageReference reference)
    {
        if (Mirrors.TryGetValue(reference.Registry, out string? mirror) && mirror.Length > 0)
        {
            string bare = mirror.Contains("://", StringComparison.Ordinal) ? mirror[(mirror.IndexOf("://", StringComparison.Ordinal) + 3)..] : mirror;
            string[] parts = bare.TrimEnd('/').Split('/', 2);
            string repository = parts.Length == 2 ? $"{parts[1]}/{reference.Repository}" : reference.Repository;
            yield return new ImageLocation(parts[0], repository, parts[0]);
        }

        string host = reference.Registry == "docker.io" ? "registry-1.docker.io" : reference.Registry;
        yield return new ImageLocation(host, reference.Repository, reference.Registry);
    }

    /// <summary>Plain HTTP is allowed to this node itself, and where the site says so (a mirror written http:// says so too).</summary>
    public bool AllowsPlain(string host)
    {
        string name = host.Split(':')[0];
        return name == "localhost"
            || name.StartsWith("127.", StringComparison.Ordinal)
            || Insecure.Contains(host, StringComparer.OrdinalIgnoreCase)
            || Insecure.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Mirrors.Values.Any(mirror => mirror.StartsWith($"http://{host}", StringComparison.OrdinalIgnoreCase));
    }
}
