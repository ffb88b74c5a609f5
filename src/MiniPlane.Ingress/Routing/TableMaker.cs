using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Ingress.Following;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Ingress.Routing;

/// <summary>Makes the routing table from what is in the cluster.</summary>
internal sealed class TableMaker(ClusterView view)
{
    private static readonly PathMatch AnyPath = new("/", IsExact: false);

    private readonly Backends _backends = new(view);

    // Reading a certificate is work, and most changes are about endpoints. Used by one loop only.
    private readonly Dictionary<ObjectKey, (long Revision, X509Certificate2? Certificate)> _certificates = [];

    public RoutingTable Make()
    {
        List<Route> routes = [];
        List<Route> defaults = [];
        Dictionary<string, X509Certificate2> certificates = new(StringComparer.OrdinalIgnoreCase);
        foreach (ObjectDocument ingress in view.Ingresses.All.Where(ingress => IngressClasses.IsOurs(view, ingress))
            .OrderBy(ingress => ingress.Metadata.CreationTimestamp)
            .ThenBy(ingress => ingress.Key.ToString(), StringComparer.Ordinal))
        {
            JsonObject json = ingress.ToJson();
            routes.AddRange(Rules(ingress, json));
            if (json.Object("spec", "defaultBackend") is { } backend)
            {
                defaults.Add(new Route("", AnyPath, Find(ingress, backend), ingress.Key));
            }

            AddCertificates(certificates, ingress, json);
        }

        // Default backends come last: any rule that fits goes before them.
        return new RoutingTable([.. routes, .. defaults], certificates);
    }

    private IEnumerable<Route> Rules(ObjectDocument ingress, JsonObject json)
    {
        foreach (JsonObject rule in json.Objects("spec", "rules"))
        {
            string host = rule.TextOrEmpty("host").ToLowerInvariant();
            foreach (JsonObject path in rule.Objects("http", "paths"))
            {
                string text = path.TextOrEmpty("path") is { Length: > 0 } given ? given : "/";
                yield return new Route(
                    host,
                    new PathMatch(text, path.Text("pathType") == "Exact"),
                    path.Object("backend") is { } backend ? Find(ingress, backend) : null,
                    ingress.Key);
            }

            // A rule with a host but no path sends everything of that host to the default backend.
            if (host.Length > 0 && !rule.Has("http") && json.Object("spec", "defaultBackend") is { } fallback)
            {
                yield return new Route(host, AnyPath, Find(ingress, fallback), ingress.Key);
            }
        }
    }

    private Backend? Find(ObjectDocument ingress, JsonObject backend)
    {
        JsonObject? service = backend.Object("service");
        string port = service.Text("port", "name")
            ?? service.Integer("port", "number")?.ToString(CultureInfo.InvariantCulture)
            ?? "";
        return service is null ? null : _backends.Find(ingress.Metadata.Namespace, service.TextOrEmpty("name"), port, ingress);
    }

    private void AddCertificates(Dictionary<string, X509Certificate2> certificates, ObjectDocument ingress, JsonObject json)
    {
        foreach (JsonObject tls in json.Objects("spec", "tls"))
        {
            var key = new ObjectKey(ingress.Metadata.Namespace, tls.TextOrEmpty("secretName"));
            if (Certificate(key) is not { } certificate)
            {
                continue;
            }

            string[] hosts = [.. tls.Texts("hosts")];
            foreach (string host in hosts.Length > 0 ? hosts : [.. json.Objects("spec", "rules").Select(rule => rule.TextOrEmpty("host"))])
            {
                certificates.TryAdd(host, certificate);
            }
        }
    }

    private X509Certificate2? Certificate(ObjectKey key)
    {
        if (view.Secrets.Find(key) is not { } secret)
        {
            return null;
        }

        if (!_certificates.TryGetValue(key, out (long Revision, X509Certificate2? Certificate) known) || known.Revision != secret.Revision)
        {
            _certificates[key] = known = (secret.Revision, Read(secret.ToJson()));
        }

        return known.Certificate;
    }

    private static X509Certificate2? Read(JsonObject secret)
    {
        try
        {
            string certificate = Encoding.UTF8.GetString(Convert.FromBase64String(secret.TextOrEmpty("data", "tls.crt")));
            string key = Encoding.UTF8.GetString(Convert.FromBase64String(secret.TextOrEmpty("data", "tls.key")));
            using var pem = X509Certificate2.CreateFromPem(certificate, key);

            // A key that was read from PEM is not usable by every TLS stack until it went through PKCS#12.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            // The user sees the built-in certificate instead of theirs; the Secret's type check has told them at creation.
            return null;
        }
    }
}
