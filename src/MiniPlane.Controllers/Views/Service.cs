using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.Service.</summary>
internal sealed record Service
{
    public ServiceSpec Spec { get => field ?? new ServiceSpec(); init; }
}

internal sealed record ServiceSpec
{
    public string? Type { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    public IReadOnlyList<ServicePort> Ports { get => field ?? []; init; }

    public bool PublishNotReadyAddresses { get; init; }

    public IReadOnlyList<string> IpFamilies { get => field ?? []; init; }

    public string? TrafficDistribution { get; init; }

    /// <summary>Endpoints are kept only for a selector; an external name has none.</summary>
    public bool SelectsPods => Selector is { Count: > 0 } && Type != "ExternalName";
}

internal sealed record ServicePort
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    public int Port { get; init; }

    public IntOrString? TargetPort { get; init; }

    public string? AppProtocol { get; init; }
}

internal static class ServiceDocuments
{
    public static Service AsService(this ObjectDocument document) => document.As(ViewContext.Default.Service);
}
