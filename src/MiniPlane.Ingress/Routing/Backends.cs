using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.Ingress.Following;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Ingress.Routing;

/// <summary>Looks up the ready endpoints behind a port of a Service.</summary>
internal sealed class Backends(ClusterView view)
{
    /// <summary>More names than any cluster has; then all turns begin anew.</summary>
    private const int MostTurns = 20_000;
    private const string ProtocolAnnotation = "nginx.ingress.kubernetes.io/backend-protocol";

    private readonly ConcurrentDictionary<string, StrongBox<int>> _turns = new(StringComparer.Ordinal);

    /// <param name="ns">Namespace of the Service.</param>
    /// <param name="service">Its name.</param>
    /// <param name="port">The port's name, or its number as text.</param>
    /// <param name="ingress">The Ingress, whose annotations may tell the protocol; null for none.</param>
    /// <returns>Null when there is no such Service or port.</returns>
    public Backend? Find(string ns, string service, string port, ObjectDocument? ingress)
    {
        var key = new ObjectKey(ns, service);
        JsonObject? spec = view.Services.Find(key)?.ToJson().Object("spec");
        JsonObject? found = spec.Objects("ports").FirstOrDefault(candidate =>
            candidate.Text("name") == port || candidate.Integer("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture) == port);
        if (found is null)
        {
            return null;
        }

        string portName = found.TextOrEmpty("name");
        string protocol = ingress?.Metadata.Annotations.GetValueOrDefault(ProtocolAnnotation) ?? found.TextOrEmpty("appProtocol");
        IPEndPoint[] endpoints =
        [
            .. view.Slices.All.Select(EndpointSliceRecord.From)
                .Where(slice => slice.Service == key)
                .SelectMany(slice => slice.Ports.Where(candidate => candidate.Name == portName).SelectMany(candidate =>
                    slice.Endpoints.Where(endpoint => endpoint.IsReady)
                        .SelectMany(endpoint => endpoint.Addresses.Take(1))
                        .Select(address => new IPEndPoint(address, candidate.Port))))
                .Distinct()
                .OrderBy(endpoint => endpoint.ToString(), StringComparer.Ordinal),
        ];
        string name = $"{ns}/{service}:{port}";
        if (_turns.Count >= MostTurns)
        {
            _turns.Clear();
        }

        return new Backend(name, ProtocolOf(protocol), endpoints, _turns.GetOrAdd(name, static _ => new StrongBox<int>(-1)));
    }

    private static BackendProtocol ProtocolOf(string name) => name.ToUpperInvariant() switch
    {
        "HTTPS" => BackendProtocol.Https,
        "GRPC" or "H2C" or "KUBERNETES.IO/H2C" => BackendProtocol.Http2,
        "GRPCS" or "H2" => BackendProtocol.Https2,
        _ => BackendProtocol.Http,
    };
}
