using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>
/// Holds pods, and the templates of what makes pods, against the levels on their namespace's labels
/// (k8s.io/pod-security-admission): enforce refuses, warn tells the user, audit tells the log.
/// </summary>
internal sealed class PodSecurityPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const int MaxPodsChecked = 3000;

    public string Name => "PodSecurity";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object is { } obj && request.Operation is AdmissionOperation.Create or AdmissionOperation.Update)
        {
            Check(request, obj);
        }

        return ValueTask.CompletedTask;
    }

    private void Check(AdmissionRequest request, JsonObject obj)
    {
        if (request.Kind.IsNamespace())
        {
            CheckNamespace(request, obj);
        }
        else if (request.Kind.IsPod())
        {
            if (request.Subresource is null or "ephemeralcontainers" or "resize" && (request.OldObject is not { } old || IsSignificant(obj, old))
                && Policy(request) is { } policy)
            {
                Evaluate(request, policy, obj["metadata"], obj["spec"], isPod: true);
            }
        }
        else if (request.Subresource is null && Template(request.Kind, obj) is { } template && Policy(request) is { } policy)
        {
            Evaluate(request, policy, template["metadata"], template["spec"], isPod: false);
        }
    }

    /// <summary>Null when the namespace asks for nothing.</summary>
    private SecurityPolicy? Policy(AdmissionRequest request)
    {
        ObjectDocument? ns = store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace)));
        return ns is not null && SecurityPolicy.HasLabels(ns.Metadata.Labels)
            ? SecurityPolicy.Read(ns.Metadata.Labels, new FieldErrors())
            : null;
    }

    private static void Evaluate(AdmissionRequest request, SecurityPolicy policy, JsonNode? metadata, JsonNode? spec, bool isPod)
    {
        if (isPod && SecurityRules.Check(policy.Enforce, metadata, spec) is { Count: > 0 } forbidden)
        {
            throw request.Forbidden($"violates PodSecurity \"{policy.Enforce}\": {Violation.Text(forbidden)}");
        }

        if (isPod)
        {
            request.AuditAnnotations?.TryAdd("pod-security.kubernetes.io/enforce-policy", policy.Enforce.ToString());
        }

        if (request.AuditAnnotations is { } notes && SecurityRules.Check(policy.Audit, metadata, spec) is { Count: > 0 } audited)
        {
            notes.TryAdd(
                "pod-security.kubernetes.io/audit-violations", $"would violate PodSecurity \"{policy.Audit}\": {Violation.Text(audited)}");
        }

        if (SecurityRules.Check(policy.Warn, metadata, spec) is { Count: > 0 } warned)
        {
            string warning = $"would violate PodSecurity \"{policy.Warn}\": {Violation.Text(warned)}";
            if (!request.Warnings.Contains(warning))
            {
                request.Warnings.Add(warning);
            }
        }
    }

    // Only what runs matters: new containers and new images.
    private static bool IsSignificant(JsonObject pod, JsonObject old)
    {
        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers", "ephemeralContainers"])
        {
            IEnumerable<(string, string)> now = pod.Objects("spec", list).Select(one => (one.TextOrEmpty("name"), one.TextOrEmpty("image")));
            IEnumerable<(string, string)> before = old.Objects("spec", list).Select(one => (one.TextOrEmpty("name"), one.TextOrEmpty("image")));
            if (!now.SequenceEqual(before))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonObject? Template(KindDefinition kind, JsonObject obj) => (kind.Group, kind.Kind) switch
    {
        ("", "PodTemplate") => obj.Object("template"),
        ("", "ReplicationController") or ("batch", "Job")
            or ("apps", "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet") => obj.Object("spec", "template"),
        ("batch", "CronJob") => obj.Object("spec", "jobTemplate", "spec", "template"),
        _ => null,
    };

    private void CheckNamespace(AdmissionRequest request, JsonObject ns)
    {
        IReadOnlyDictionary<string, string> labels = ns.TextMap("metadata", "labels");
        IReadOnlyDictionary<string, string> before = request.OldObject.TextMap("metadata", "labels");
        if (request.Subresource is not null || (!SecurityPolicy.HasLabels(labels) && !SecurityPolicy.HasLabels(before)))
        {
            return;
        }

        var errors = new FieldErrors();
        var oldErrors = new FieldErrors();
        var policy = SecurityPolicy.Read(labels, errors);
        var oldPolicy = SecurityPolicy.Read(before, oldErrors);
        if (!errors.IsEmpty && !errors.Causes.SequenceEqual(oldErrors.Causes))
        {
            throw ApiErrors.Invalid(request.Kind, request.Key.Name, errors.Causes);
        }

        bool isStricter = policy.Enforce != oldPolicy.Enforce && !policy.Enforce.IsPrivileged
            && !(policy.Enforce.Minor == oldPolicy.Enforce.Minor && policy.Enforce.Rank <= oldPolicy.Enforce.Rank);
        if (request.Operation == AdmissionOperation.Update && isStricter)
        {
            WarnOfPods(request, policy.Enforce);
        }
    }

    private void WarnOfPods(AdmissionRequest request, SecurityLevel level)
    {
        var byReason = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        int all = 0;
        foreach (ObjectDocument pod in store.Read(BuiltInKinds.Pod.Collection).Range(request.Key.Name, null))
        {
            if (++all <= MaxPodsChecked && pod.ToJson() is var json
                && SecurityRules.Check(level, json["metadata"], json["spec"]) is { Count: > 0 } violations)
            {
                string reason = Violation.Reasons(violations);
                byReason.TryAdd(reason, []);
                byReason[reason].Add(pod.Metadata.Name);
            }
        }

        var warnings = new List<string>();
        if (all > MaxPodsChecked)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"new PodSecurity enforce level only checked against the first {MaxPodsChecked} of {all} existing pods"));
        }

        if (byReason.Count > 0)
        {
            warnings.Add($"existing pods in namespace \"{request.Key.Name}\" violate the new PodSecurity enforce level \"{level}\"");
            warnings.AddRange(byReason.Select(one => Line(one.Key, one.Value)).Order(StringComparer.Ordinal));
        }

        warnings.Where(warning => !request.Warnings.Contains(warning)).ToList().ForEach(request.Warnings.Add);
    }

    private static string Line(string reason, List<string> pods) => pods.Count switch
    {
        1 => $"{pods[0]}: {reason}",
        2 => $"{pods[0]} (and 1 other pod): {reason}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{pods[0]} (and {pods.Count - 1} other pods): {reason}"),
    };
}
