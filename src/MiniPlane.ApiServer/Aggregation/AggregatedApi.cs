using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>An APIService whose group and version another server answers.</summary>
internal sealed record AggregatedApi(
    string Name, string Group, string Version, ServiceReference Service, string CaBundle, bool SkipVerify, long GroupPriority, long VersionPriority)
{
    private const int HttpsPort = 443;

    public string BasePath => $"/apis/{Group}/{Version}";

    /// <summary>Null for one that is answered here.</summary>
    public static AggregatedApi? From(ObjectDocument document)
    {
        JsonObject? spec = document.ToJson().Object("spec");
        return spec.Object("service") is not { } service
            ? null
            : new AggregatedApi(
                document.Metadata.Name,
                spec.TextOrEmpty("group"),
                spec.TextOrEmpty("version"),
                new ServiceReference(
                    service.TextOrEmpty("namespace"), service.TextOrEmpty("name"), (int)(service.Integer("port") ?? HttpsPort)),
                spec.TextOrEmpty("caBundle"),
                spec.Flag("insecureSkipTLSVerify") ?? false,
                spec.Integer("groupPriorityMinimum") ?? 0,
                spec.Integer("versionPriority") ?? 0);
    }
}
