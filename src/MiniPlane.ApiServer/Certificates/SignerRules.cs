using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>What each of the cluster's own signers signs (pkg/apis/certificates, kube-controller-manager's signer package).</summary>
internal static class SignerRules
{
    public const string Client = "kubernetes.io/kube-apiserver-client";
    public const string KubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
    public const string KubeletServing = "kubernetes.io/kubelet-serving";
    public const string Legacy = "kubernetes.io/legacy-unknown";

    private const string NodePrefix = "system:node:";
    private const string NodesGroup = "system:nodes";

    private static readonly string[] ClientUsages = ["client auth", "digital signature", "key encipherment"];
    private static readonly string[] ServerUsages = ["digital signature", "key encipherment", "server auth"];

    /// <summary>The signers of this cluster; requests for others are left to whoever signs for those.</summary>
    public static bool IsOwn(string signer) => signer is Client or KubeletClient or KubeletServing;

    /// <summary>Why this signer will not sign it, or null.</summary>
    public static string? Problem(string signer, SigningRequest request) => signer switch
    {
        Client => Usages(request, ClientUsages, "client auth"),
        KubeletClient => Usages(request, ClientUsages, "client auth") ?? Node(request) ?? NoNames(request),
        KubeletServing => Usages(request, ServerUsages, "server auth") ?? Node(request) ?? SomeNames(request),
        _ => $"signer {signer} is not one of this cluster's",
    };

    private static string? Usages(SigningRequest request, string[] allowed, string required) =>
        request.Usages.Contains(required, StringComparer.Ordinal) && request.Usages.All(usage => allowed.Contains(usage, StringComparer.Ordinal))
            ? null
            : $"usages did not match [{string.Join(' ', allowed)}]";

    private static string? Node(SigningRequest request) =>
        request.Organizations is not [NodesGroup] ? "subject organization is not system:nodes"
        : request.Name.StartsWith(NodePrefix, StringComparison.Ordinal) && request.Name.Length > NodePrefix.Length ? null
        : "subject common name does not begin with system:node:";

    private static string? NoNames(SigningRequest request) =>
        request.Names is null ? null : "DNS, IP, email and URI subjectAltNames are not allowed";

    private static string? SomeNames(SigningRequest request)
    {
        X509SubjectAlternativeNameExtension? names = request.Names;
        return names is not null && (names.EnumerateDnsNames().Any() || names.EnumerateIPAddresses().Any())
            ? null
            : "DNS or IP subjectAltName is required";
    }
}
