using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>Which pods are behind a Service, and how (upstream's endpoint rules). Pure.</summary>
internal static class ServiceEndpoints
{
    /// <summary>
    /// The endpoints of the selected <paramref name="pods"/>, sorted by name: those that have an address and have not ended.
    /// Terminating ones are among them; readers that want none leave them out.
    /// </summary>
    public static IReadOnlyList<PodEndpoint> Of(ObjectDocument service, IEnumerable<ObjectDocument> pods) =>
    [
        .. pods.Where(pod => !pod.AsPod().IsTerminal && !string.IsNullOrEmpty(pod.AsPod().Status.PodIP))
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => Endpoint(service, pod)),
    ];

    private static PodEndpoint Endpoint(ObjectDocument service, ObjectDocument document)
    {
        ServiceSpec spec = service.AsService().Spec;
        Pod pod = document.AsPod();
        bool isServing = pod.IsReady;
        bool isTerminating = document.Metadata.IsBeingDeleted;
        bool isNamed = !string.IsNullOrEmpty(pod.Spec.Hostname) && pod.Spec.Subdomain == service.Metadata.Name;
        return new PodEndpoint
        {
            Pod = document,
            Ports = [.. spec.Ports.Select(port => Resolve(port, pod)).OfType<EndpointPort>()],
            IsServing = isServing,
            IsTerminating = isTerminating,
            IsReady = spec.PublishNotReadyAddresses || (isServing && !isTerminating),
            Hostname = isNamed ? pod.Spec.Hostname : null,
        };
    }

    /// <summary>The port's number in this pod, or null when the pod has no port of that name and protocol.</summary>
    private static EndpointPort? Resolve(ServicePort port, Pod pod)
    {
        string protocol = port.Protocol ?? "TCP";
        int? number = port.TargetPort switch
        {
            { Text: { Length: > 0 } name } => FindNamed(pod, name, protocol),
            { Text: null, Number: > 0 } target => target.Number,
            _ => port.Port,
        };
        return number is { } found ? new EndpointPort(port.Name ?? "", found, protocol, port.AppProtocol) : null;
    }

    private static int? FindNamed(Pod pod, string name, string protocol)
    {
        // Sidecars may offer ports, too.
        IEnumerable<Container> containers =
            pod.Spec.Containers.Concat(pod.Spec.InitContainers.Where(container => container.RestartPolicy == "Always"));
        return containers.SelectMany(container => container.Ports)
            .FirstOrDefault(port => port.Name == name && (port.Protocol ?? "TCP") == protocol)?.Number;
    }
}
