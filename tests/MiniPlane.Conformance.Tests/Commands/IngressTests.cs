using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>The ways in from outside, to pods that are jobs: curl through an Ingress and through an exposed Service's port, dig for its name.</summary>
[Collection(ClusterCollection.Name)]
public sealed class IngressTests(Cluster cluster)
{
    private const string Host = "secure.example";

    [Fact]
    public async Task Pods_are_reached_by_host_by_TLS_by_the_default_backend_by_a_port_and_by_an_outside_name()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        using X509Certificate2 certificate = Certificate();
        await kubectl.ApplyAsync(Manifests(certificate, cluster.Rig.Busybox));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");
        string authority = Path.Combine(Path.GetTempPath(), $"{kubectl.Namespace}.crt");
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem());
        File.SetUnixFileMode(authority, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        try
        {
            string http = await PortAsync(kubectl, "ingress", 0);
            string tls = await PortAsync(kubectl, "ingress", 1);
            string raw = await PortAsync(kubectl, "service", 0);
            await AnswersAsync("-H", $"Host: {Host}", $"http://127.0.0.1:{http}/name");
            await AnswersAsync("-H", "Host: nobody.example", $"http://127.0.0.1:{http}/name");
            await AnswersAsync("--cacert", authority, "--resolve", $"{Host}:{tls}:127.0.0.1", $"https://{Host}:{tls}/name");
            string first = await AnswersAsync($"http://127.0.0.1:{raw}/name");
            string second = await AnswersAsync($"http://127.0.0.1:{raw}/name");
            string[] pods = [.. (await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[*].metadata.name}")).Split(' ').Order(StringComparer.Ordinal)];
            Assert.Equal(pods, new[] { first, second }.Order(StringComparer.Ordinal));
            await NameLeadsToAsync((await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[*].status.podIP}")).Split(' '));
        }
        finally
        {
            File.Delete(authority);
        }
    }

    private async Task<string> AnswersAsync(params string[] arguments)
    {
        string answer = "";
        await Eventually.TrueAsync(
            async () => (answer = (await cluster.Rig.RunAsync(["curl", "-sf", "--max-time", "10", .. arguments])).Output.Trim()).StartsWith("web-", StringComparison.Ordinal),
            $"curl {string.Join(' ', arguments)} is answered by a pod",
            Kubectl.PodLimit);
        return answer;
    }

    private async Task NameLeadsToAsync(string[] addresses)
    {
        string port = cluster.ControlPlane.DnsPort.ToString(CultureInfo.InvariantCulture);
        string[] found = (await cluster.Rig.RunAsync("dig", "+short", "@127.0.0.1", "-p", port, "web.site.example", "A")).OrFail()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(addresses.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static async Task<string> PortAsync(Kubectl kubectl, string kind, int index)
    {
        string port = "";
        await Eventually.TrueAsync(
            async () => (port = await kubectl.FieldAsync(kind, "web", $".status.loadBalancer.ingress[0].ports[{index}].port")).Length > 0,
            $"the {kind} has port {index}",
            Kubectl.PodLimit);
        return port;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static string Manifests(X509Certificate2 certificate, string image)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The certificate has no key.");
        return $$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: web-tls}
            type: kubernetes.io/tls
            data:
              tls.crt: {{{Base64(certificate.ExportCertificatePem())}}}
              tls.key: {{{Base64(key.ExportPkcs8PrivateKeyPem())}}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: {{{image}}}
                    command: [sh, -c, 'mkdir -p /tmp/www; echo "$POD_NAME" > /tmp/www/name; exec httpd -f -p "$POD_IP:18424" -h /tmp/www']
                    env:
                    - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }
                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name} } }
                    readinessProbe: {httpGet: {path: /name, port: 18424}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations: {miniplane.io/expose: "true", external-dns.alpha.kubernetes.io/hostname: web.site.example}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 18424}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend: {service: {name: web, port: {number: 80} } }
              tls: [{hosts: [{{{Host}}}], secretName: web-tls}]
              rules:
              - host: {{{Host}}}
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http} } } }]}
            """;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
