using System.Text.Json.Nodes;
using static MiniPlane.ApiServer.Authorization.Rbac.BootstrapRoles;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>
/// The roles that parts of a cluster and add-ons bind to by name (bootstrappolicy): charts and operators expect them although this
/// server's own parts do not need them.
/// </summary>
internal static class SystemRoles
{
    private const string Certificates = "certificates.k8s.io";

    public static IEnumerable<JsonObject> All() =>
    [
        Role("system:kube-dns", "", Rule("list,watch", "", "endpoints,services"), Rule("list,watch", "discovery.k8s.io", "endpointslices")),
        Role(
            "system:kubelet-api-admin",
            "",
            Rule(ReadOnly, "", "nodes"),
            Rule("proxy", "", "nodes"),
            Rule("*", "", "nodes/log,nodes/metrics,nodes/proxy,nodes/stats")),
        Role("system:node-bootstrapper", "", Rule("create,get,list,watch", Certificates, "certificatesigningrequests")),
        Role(
            "system:node-proxier",
            "",
            Rule("list,watch", "", "endpoints,services"),
            Rule(ReadOnly, "", "nodes"),
            Rule("create,patch,update", ",events.k8s.io", "events"),
            Rule("list,watch", "discovery.k8s.io", "endpointslices")),
        Role(
            "system:node-problem-detector",
            "",
            Rule("get", "", "nodes"),
            Rule("patch", "", "nodes/status"),
            Rule("create,patch,update", ",events.k8s.io", "events")),
        Role(
            "system:persistent-volume-provisioner",
            "",
            Rule("create,delete,get,list,watch", "", "persistentvolumes"),
            Rule("get,list,update,watch", "", "persistentvolumeclaims"),
            Rule(ReadOnly, "storage.k8s.io", "storageclasses"),
            Rule("watch", "", "events"),
            Rule("create,patch,update", ",events.k8s.io", "events")),
        Role(
            "system:volume-scheduler",
            "",
            Rule("get,list,patch,update,watch", "", "persistentvolumes"),
            Rule(ReadOnly, "storage.k8s.io", "storageclasses"),
            Rule("get,list,patch,update,watch", "", "persistentvolumeclaims")),
        Role(
            "system:kube-scheduler",
            "",
            Rule("create,patch,update", ",events.k8s.io", "events"),
            Rule("create,get,list,patch,update,watch", "coordination.k8s.io", "leases"),
            Rule(ReadOnly, "", "namespaces,nodes"),
            Rule("delete,get,list,watch", "", "pods"),
            Rule("create", "", "bindings,pods/binding"),
            Rule("patch,update", "", "pods/status"),
            Rule(ReadOnly, "", "replicationcontrollers,services"),
            Rule(ReadOnly, "apps", "replicasets,statefulsets"),
            Rule(ReadOnly, "policy", "poddisruptionbudgets"),
            Rule(ReadOnly, "", "persistentvolumeclaims,persistentvolumes"),
            Rule("create", "authentication.k8s.io", "tokenreviews"),
            Rule("create", "authorization.k8s.io", "subjectaccessreviews"),
            Rule(ReadOnly, "storage.k8s.io", "csidrivers,csinodes,csistoragecapacities")),
        Role("system:kube-aggregator", "", Rule(ReadOnly, "", "endpoints,services"), Rule(ReadOnly, "discovery.k8s.io", "endpointslices")),
        Role("system:heapster", "", Rule(ReadOnly, "", "events,namespaces,nodes,pods"), Rule(ReadOnly, "apps", "deployments")),
        .. Signers("kube-apiserver-client", "kube-apiserver-client-kubelet", "kubelet-serving", "legacy-unknown"),
    ];

    private static IEnumerable<JsonObject> Signers(params string[] signers) => signers.Select(signer =>
    {
        JsonObject rule = Rule("approve", Certificates, "signers");
        rule["resourceNames"] = new JsonArray($"kubernetes.io/{signer}");
        return Role($"system:certificates.k8s.io:{signer}-approver", "", rule);
    });
}
