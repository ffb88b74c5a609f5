using System.Collections.Frozen;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// Optional numbers and flags for which an explicit zero means something else than absence (<c>replicas: 0</c>). Upstream's encoders
/// write every other number, flag and text also when it is unset, so a zero of those reads as absence. The schema does not tell
/// the two apart; the API reference does.
/// </summary>
internal static class PointerFields
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "activeDeadlineSeconds", "allocateLoadBalancerNodePorts", "allowPrivilegeEscalation", "allowVolumeExpansion",
        "attachRequired", "automountServiceAccountToken", "averageUtilization", "backoffLimit", "backoffLimitPerIndex",
        "blockOwnerDeletion", "borrowingLimitPercent", "collisionCount", "completions", "controller", "defaultMode",
        "deletionGracePeriodSeconds", "enableServiceLinks", "endPort", "expirationSeconds", "failedJobsHistoryLimit", "fsGroup",
        "gracePeriodSeconds", "hostProcess", "hostUsers", "immutable", "leaseDurationSeconds", "leaseTransitions",
        "lendablePercent", "lun", "manualSelector", "maxFailedIndexes", "maxItems", "maxLength", "maxProperties", "maximum",
        "minDomains", "minItems", "minLength", "minProperties", "minReplicas", "minimum", "mode", "multipleOf",
        "nominalConcurrencyShares", "optional", "optionalOldSelf", "orphanDependents", "parallelism", "partition",
        "podInfoOnMount", "port", "priority", "privileged", "progressDeadlineSeconds", "readOnlyRootFilesystem", "ready",
        "remainingItemCount", "replicas", "requiresRepublish", "revisionHistoryLimit", "runAsGroup", "runAsNonRoot", "runAsUser",
        "seLinuxMount", "serving", "setHostnameAsFQDN", "shareProcessNamespace", "stabilizationWindowSeconds", "started",
        "startingDeadlineSeconds", "storageCapacity", "storageClassName", "succeededCount", "successfulJobsHistoryLimit",
        "suspend", "terminating", "terminatingReplicas", "terminationGracePeriodSeconds", "tolerationSeconds",
        "ttlSecondsAfterFinished");

    public static bool Contains(string field) => Names.Contains(field);
}
