namespace MiniPlane.ApiServer.Proxy;

/// <summary><c>[scheme:]name[:port]</c>, as proxy paths name what they lead to (k8s.io/apimachinery/pkg/util/net.SplitSchemeNamePort).</summary>
internal readonly record struct ProxyName(string Scheme, string Name, string Port)
{
    /// <summary>Null when the text is of another form.</summary>
    public static ProxyName? Parse(string text)
    {
        string[] parts = text.Split(':');
        ProxyName? parsed = parts.Length switch
        {
            1 => new ProxyName("http", parts[0], ""),
            2 => new ProxyName("http", parts[0], parts[1]),
            3 => new ProxyName(parts[0].Length == 0 ? "http" : parts[0], parts[1], parts[2]),
            _ => null,
        };
        return parsed is { Name.Length: > 0, Scheme: "http" or "https" } ? parsed : null;
    }
}
