namespace MiniPlane.ApiServer.Outbound;

/// <summary>A Service that the server itself calls (admissionregistration.v1.ServiceReference and its likes).</summary>
public sealed record ServiceReference(string Namespace, string Name, int Port)
{
    /// <summary>The host of its URLs and the name its certificate must have.</summary>
    public string Host => $"{Name}.{Namespace}.svc";
}
