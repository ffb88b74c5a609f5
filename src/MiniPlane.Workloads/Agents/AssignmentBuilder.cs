using Google.Protobuf;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>Gathers all that an agent needs for its pod: the pod and what it refers to, as it is now.</summary>
internal sealed partial class AssignmentBuilder(
    IClusterClient cluster,
    ClusterKinds kinds,
    ServiceBook services,
    PodTokens tokens,
    PodAddresses addresses,
    PodFiles files,
    WorkloadsOptions options,
    ILogger<AssignmentBuilder> logger)
{
    public async ValueTask<PodAssignment> BuildAsync(ObjectDocument document, CancellationToken cancellationToken)
    {
        PodView pod = document.As(WorkloadsJson.Default.PodView);
        string ns = document.Metadata.Namespace;
        var assignment = new PodAssignment
        {
            PodJson = ByteString.CopyFrom(document.Utf8.Span),
            PodIp = files.ReadNetwork(document.Metadata.Uid).Length > 0
                ? ""
                : (await addresses.GetAsync(cancellationToken)).Allocate(document.Metadata.Uid, pod.Spec.HostNetwork),
            HostsFile = ByteString.CopyFrom(services.RenderHosts(ns).Span),
            Site = ToSite(options),
        };
        foreach ((string kind, string name) in PodReferences.Of(document.Metadata.Name, pod.Spec))
        {
            await AddObjectAsync(assignment, ns, kind, name, cancellationToken);
        }

        assignment.Tokens.AddRange(await RequestTokensAsync(document, pod.Spec, cancellationToken));
        bool links = pod.Spec.EnableServiceLinks ?? true;
        foreach ((string name, string value) in ServiceEnvironment.Build(ns, services.ServicesOf(ns), links, FindApiServer(), options.ClusterDomain))
        {
            assignment.ServiceEnvironment[name] = value;
        }

        return assignment;
    }

    /// <summary>What can be told of it before it is asked for: see <see cref="AgentConfiguration.ForeseenFileName"/>.</summary>
    public static byte[] Foresee(ObjectDocument document, WorkloadsOptions options) =>
        new PodAssignment { PodJson = ByteString.CopyFrom(document.Utf8.Span), Site = ToSite(options) }.ToByteArray();

    /// <summary>A token that cannot be had now must not keep the pod from starting; the agent gets it with the next renewal.</summary>
    public async ValueTask<IReadOnlyList<ServiceAccountToken>> RequestTokensAsync(
        ObjectDocument document, PodSpecView pod, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.RequestAsync(document, pod, cancellationToken);
        }
        catch (ApiException exception)
        {
            LogNoToken(logger, document.Key.ToString(), exception.Message);
            return [];
        }
    }

    /// <summary>An address rather than a name where there is one: containers need not be able to resolve the host's names.</summary>
    private Uri? FindApiServer()
    {
        Uri[] endpoints = [.. options.CurrentEndpoints.Select(text => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : null).OfType<Uri>()];
        return Array.Find(endpoints, uri => uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6) ?? (endpoints is [var first, ..] ? first : null);
    }

    private async ValueTask AddObjectAsync(
        PodAssignment assignment, string ns, string kind, string name, CancellationToken cancellationToken)
    {
        KindDefinition definition = kind switch
        {
            "ConfigMap" => kinds.ConfigMaps,
            "Secret" => kinds.Secrets,
            _ => kinds.Claims,
        };
        ObjectDocument? found = await cluster.FindAsync(definition, new ObjectKey(ns, name), cancellationToken);
        assignment.Objects.Add(ToNamed(kind, name, found));
        if (kind == "PersistentVolumeClaim" && found?.ToJson().Text("spec", "volumeName") is { Length: > 0 } volume)
        {
            ObjectDocument? behind = await cluster.FindAsync(kinds.Volumes, ObjectKey.Cluster(volume), cancellationToken);
            assignment.Objects.Add(ToNamed("PersistentVolume", volume, behind));
        }
    }

    private static NamedObject ToNamed(string kind, string name, ObjectDocument? found)
    {
        var named = new NamedObject { Kind = kind, Name = name };
        if (found is not null)
        {
            named.Json = ByteString.CopyFrom(found.Utf8.Span);
        }

        return named;
    }

    private static Wire.Agent.SiteSettings ToSite(WorkloadsOptions options)
    {
        Site.SiteSettings site = options.Site;
        var settings = new Wire.Agent.SiteSettings
        {
            ImageCache = site.ImageCache.Length > 0 ? site.ImageCache : Path.Combine(Path.GetFullPath(options.DataDirectory), "images"),
            Apptainer = site.Apptainer,
            ClusterDomain = options.ClusterDomain,
            DnsServer = options.DnsServer,
            ImageCacheBytes = site.ImageCacheBytes,
            ImagePulls = site.ImagePulls,
            RegistryAuthorities = site.RegistryCertificates,
        };
        settings.InsecureRegistries.AddRange(site.InsecureRegistries);
        settings.BindPaths.AddRange(site.BindPaths);
        foreach ((string registry, string mirror) in site.RegistryMirrors)
        {
            settings.RegistryMirrors[registry] = mirror;
        }

        return settings;
    }

    [LoggerMessage(5050, LogLevel.Warning, "No ServiceAccount token for pod {Pod}: {Message}")]
    private static partial void LogNoToken(ILogger logger, string pod, string message);
}
