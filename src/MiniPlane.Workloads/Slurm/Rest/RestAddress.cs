namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Where slurmrestd listens: <c>unix:/path</c>, <c>http://host:6820</c> or <c>https://…</c> (with a path before <c>/slurm</c>, if a proxy has one).</summary>
public sealed record RestAddress
{
    private const string UnixStart = "unix:";

    /// <summary>As it was given.</summary>
    public required string Text { get; init; }

    /// <summary>The socket, or empty.</summary>
    public string SocketPath { get; init; } = "";

    /// <summary>What the paths are relative to.</summary>
    public required Uri Root { get; init; }

    /// <summary>Throws <see cref="FormatException"/>, saying what is allowed.</summary>
    public static RestAddress Parse(string text)
    {
        if (text.StartsWith(UnixStart, StringComparison.Ordinal) && text[UnixStart.Length..].TrimStart('/') is { Length: > 0 } path)
        {
            return new RestAddress { Text = text, SocketPath = "/" + path, Root = new Uri("http://slurmrestd/") };
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0
            ? new RestAddress { Text = text, Root = new Uri(text.TrimEnd('/') + "/") }
            : throw new FormatException("must be unix:/path/of/socket, http://host:port or https://host:port");
    }
}
