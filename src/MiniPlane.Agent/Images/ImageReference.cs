using System.Text.RegularExpressions;

namespace MiniPlane.Agent.Images;

/// <summary>
/// A container's image, taken apart as container runtimes do (distribution's reference grammar): without a registry docker.io, without
/// a path library/, without a tag latest. Besides that oras:// and SIF files by path.
/// </summary>
internal sealed partial record ImageReference
{
    private const string DefaultRegistry = "docker.io";

    public required ImageTransport Transport { get; init; }

    /// <summary>Host and port.</summary>
    public string Registry { get; init; } = "";

    public string Repository { get; init; } = "";

    public string Tag { get; init; } = "";

    /// <summary>sha256:…, or empty.</summary>
    public string Digest { get; init; } = "";

    public string Path { get; init; } = "";

    /// <summary>Registry and repository, as image ids begin.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>The name in full, as the key of what is known about it.</summary>
    public string FullName => Digest.Length > 0 ? $"{Name}@{Digest}" : $"{Name}:{Tag}";

    /// <summary>Takes a reference apart; null when it is not one.</summary>
    public static ImageReference? TryParse(string image)
    {
        if (image.StartsWith('/'))
        {
            return new ImageReference { Transport = ImageTransport.File, Path = image };
        }

        if (image.StartsWith("file:", StringComparison.Ordinal))
        {
            string path = image["file:".Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
            return path.StartsWith('/') ? new ImageReference { Transport = ImageTransport.File, Path = path } : null;
        }

        if (image.StartsWith("oras://", StringComparison.Ordinal))
        {
            return TryParseName(image["oras://".Length..], ImageTransport.Oras);
        }

        return TryParseName(
            image.StartsWith("docker://", StringComparison.Ordinal) ? image["docker://".Length..] : image, ImageTransport.Registry);
    }

    private static ImageReference? TryParseName(string text, ImageTransport transport)
    {
        Match match = Grammar().Match(text);
        if (!match.Success)
        {
            return null;
        }

        string name = match.Groups["name"].Value;
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : name[..slash];
        bool hasRegistry = first.AsSpan().IndexOfAny('.', ':') >= 0 || first == "localhost";
        string registry = hasRegistry ? first : DefaultRegistry;
        string repository = hasRegistry ? name[(slash + 1)..] : name;
        if (!RepositoryGrammar().IsMatch(repository))
        {
            return null;
        }

        bool isOfficial = registry is DefaultRegistry or "index.docker.io" && !repository.Contains('/', StringComparison.Ordinal);
        string digest = match.Groups["digest"].Value;
        string tag = match.Groups["tag"].Value;
        return new ImageReference
        {
            Transport = transport,
            Registry = registry == "index.docker.io" ? DefaultRegistry : registry,
            Repository = isOfficial ? $"library/{repository}" : repository,
            Tag = tag.Length == 0 && digest.Length == 0 ? "latest" : tag,
            Digest = digest,
        };
    }

    [GeneratedRegex(
        @"^(?<name>(?:[A-Za-z0-9.\-\[\]]+(?::[0-9]+)?/)?[^:@/\s]+(?:/[^:@/\s]+)*)(?::(?<tag>\w[\w.\-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grammar();

    [GeneratedRegex(
        @"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex RepositoryGrammar();
}
