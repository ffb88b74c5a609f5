using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Events;

/// <summary>
/// The Events that kube-controller-manager and kube-scheduler record, word for word as <c>kubectl describe</c> shows them: object, type,
/// reason, message and component. A star stands for what differs from run to run.
/// </summary>
public sealed class RecordedEventsTests
{
    public static TheoryData<string, string[]> Stories => new()
    {
        {
            "Deployment",
            [
                "Deployment/web Normal ScalingReplicaSet Scaled up replica set web-* from 0 to 2 (deployment-controller)",
                "Deployment/web Normal ScalingReplicaSet Scaled up replica set web-* from 2 to 5 (deployment-controller)",
                "Deployment/web Normal ScalingReplicaSet Scaled down replica set web-* from 5 to 1 (deployment-controller)",
            ]
        },
        { "Deployment refused", ["Deployment/web Warning ReplicaSetCreateError Failed to create new replica set \"web-*\": *exceeded quota (deployment-controller)"] },
        {
            "ReplicaSet",
            [
                "ReplicaSet/web Normal SuccessfulCreate Created pod: web-* (replicaset-controller)",
                "ReplicaSet/web Normal SuccessfulDelete Deleted pod: web-* (replicaset-controller)",
            ]
        },
        { "ReplicaSet refused", ["ReplicaSet/web Warning FailedCreate Error creating: *exceeded quota (replicaset-controller)"] },
        { "ReplicaSet held", ["ReplicaSet/web Warning FailedDelete Error deleting: *exceeded quota (replicaset-controller)"] },
        { "ReplicationController", ["ReplicationController/web Normal SuccessfulCreate Created pod: web-* (replication-controller)"] },
        {
            "StatefulSet",
            [
                "StatefulSet/web Normal SuccessfulCreate create Claim data-web-0 Pod web-0 in StatefulSet web success (statefulset-controller)",
                "StatefulSet/web Normal SuccessfulCreate create Pod web-0 in StatefulSet web successful (statefulset-controller)",
                "StatefulSet/web Warning RecreatingFailedPod StatefulSet default/web is recreating failed Pod web-0 (statefulset-controller)",
                "StatefulSet/web Normal SuccessfulDelete delete Pod web-0 in StatefulSet web successful (statefulset-controller)",
            ]
        },
        {
            "DaemonSet",
            [
                "DaemonSet/web Normal SuccessfulCreate Created pod: web-* (daemonset-controller)",
                "DaemonSet/web Warning FailedDaemonPod Found failed daemon pod default/web-* on node debug, will try to kill it (daemonset-controller)",
                "DaemonSet/web Normal SuccessfulDelete Deleted pod: web-* (daemonset-controller)",
            ]
        },
        {
            "Job",
            [
                "Job/web Normal SuccessfulCreate Created pod: web-* (job-controller)",
                "Job/web Normal Completed Job completed (job-controller)",
            ]
        },
        { "Job failed", ["Job/web Warning BackoffLimitExceeded Job has reached the specified backoff limit (job-controller)"] },
        {
            "Job suspended",
            [
                "Job/web Normal Suspended Job suspended (job-controller)",
                "Job/web Normal Resumed Job resumed (job-controller)",
            ]
        },
        {
            "Job late",
            [
                "Job/web Normal SuccessfulDelete Deleted pod: web-* (job-controller)",
                "Job/web Warning DeadlineExceeded Job was active longer than specified deadline (job-controller)",
            ]
        },
        {
            "CronJob",
            [
                "CronJob/web Normal SuccessfulCreate Created job web-* (cronjob-controller)",
                "CronJob/web Normal SawCompletedJob Saw completed job: web-*, condition: Complete (cronjob-controller)",
                "CronJob/web Normal SuccessfulDelete Deleted job web-* (cronjob-controller)",
            ]
        },
        {
            "CronJob busy",
            [
                "CronJob/web Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid (cronjob-controller)",
                "CronJob/web Normal MissingJob Active job went missing: web-* (cronjob-controller)",
            ]
        },
        { "CronJob by hand", ["CronJob/web Warning UnexpectedJob Saw a job that the controller did not create or forgot: by-hand (cronjob-controller)"] },
        {
            "CronJob asleep",
            ["CronJob/web Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew (cronjob-controller)"]
        },
        { "CronJob refused", ["CronJob/web Warning FailedCreate Error creating job: *exceeded quota (cronjob-controller)"] },
        {
            "CronJob nonsense",
            [
                "CronJob/web Warning UnparseableSchedule unparseable schedule: \"61 * * * *\" : * (cronjob-controller)",
                "CronJob/web Warning UnknownTimeZone invalid timeZone: \"Mars/Olympus\": unknown time zone Mars/Olympus (cronjob-controller)",
            ]
        },
        {
            "Claim",
            [
                "PersistentVolumeClaim/web Normal WaitForFirstConsumer waiting for first consumer to be created before binding (persistentvolume-controller)",
                "PersistentVolumeClaim/web Normal WaitForPodScheduled waiting for pod web to be scheduled (persistentvolume-controller)",
                "PersistentVolumeClaim/web Normal ProvisioningSucceeded Successfully provisioned volume pvc-* using miniplane.io/directory (persistentvolume-controller)",
                "PersistentVolumeClaim/web Normal VolumeResizeSuccessful Resize volume succeeded (volume_expand)",
                "PersistentVolumeClaim/web Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost! (persistentvolume-controller)",
            ]
        },
        {
            "Claim pending",
            [
                "PersistentVolumeClaim/web Normal FailedBinding no persistent volumes available for this claim and no storage class is set (persistentvolume-controller)",
                "PersistentVolumeClaim/small Warning VolumeMismatch Cannot bind to requested volume \"vol\": requested PV is too small (persistentvolume-controller)",
                "PersistentVolumeClaim/lost Warning ProvisioningFailed storageclass.storage.k8s.io \"nowhere\" not found (persistentvolume-controller)",
                "PersistentVolumeClaim/other Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'example.com/disk' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered. (persistentvolume-controller)",
            ]
        },
        { "Volume", ["PersistentVolume/vol Warning VolumeFailedDelete error getting deleter volume plugin for volume \"vol\": no volume plugin matched (persistentvolume-controller)"] },
        {
            "Autoscaler",
            [
                "HorizontalPodAutoscaler/web Warning FailedGetResourceMetric failed to get cpu utilization: * (horizontal-pod-autoscaler)",
                "HorizontalPodAutoscaler/web Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: * (horizontal-pod-autoscaler)",
                "HorizontalPodAutoscaler/web Normal SuccessfulRescale New size: 2; reason: cpu resource utilization (percentage of request) above target (horizontal-pod-autoscaler)",
                "HorizontalPodAutoscaler/web Normal SuccessfulRescale New size: 3; reason: Current number of replicas below Spec.MinReplicas (horizontal-pod-autoscaler)",
                "HorizontalPodAutoscaler/lost Warning FailedGetScale *not found (horizontal-pod-autoscaler)",
            ]
        },
        { "PodDisruptionBudget unmanaged", ["PodDisruptionBudget/web Warning UnmanagedPods Pods selected by this PodDisruptionBudget were found to be unmanaged. *Pods: *web* (controllermanager)"] },
        { "PodDisruptionBudget", ["PodDisruptionBudget/web Normal NoPods No matching pods found (controllermanager)"] },
        {
            "Node",
            [
                "Node/debug Normal RegisteredNode Node debug event: Registered Node debug in Controller (node-controller)",
                "Node/debug Normal NodeNotReady Node debug status is now: NodeNotReady (node-controller)",
                "Pod/web Warning NodeNotReady Node is not ready (node-controller)",
                "Node/debug Normal NodeReady Node debug status is now: NodeReady (kubelet)",
                "Node/debug Normal NodeNotSchedulable Node debug status is now: NodeNotSchedulable (kubelet)",
                "Node/debug Normal NodeSchedulable Node debug status is now: NodeSchedulable (kubelet)",
                "Node/debug Normal RemovingNode Node debug event: Removing Node debug from Controller (node-controller)",
            ]
        },
        { "Node tainted", ["Pod/web Normal TaintManagerEviction Marking for deletion Pod default/web (taint-eviction-controller)"] },
        { "Node tainted for a while", ["Pod/web Normal TaintManagerEviction Cancelling deletion of Pod default/web (taint-eviction-controller)"] },
        {
            "Garbage",
            ["ConfigMap/web Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: *] does not exist in namespace \"default\" (garbage-collector-controller)"]
        },
        { "Pod", ["Pod/web Normal Scheduled Successfully assigned default/web to debug (default-scheduler)"] },
        { "Pod nowhere", ["Pod/web Warning FailedScheduling no nodes available to schedule pods (default-scheduler)"] },
        {
            "Service refused",
            [
                "Service/web Warning FailedToCreateEndpoint Failed to create endpoint for service default/web: *it may not be (endpoint-controller)",
                "Service/web Warning FailedToUpdateEndpointSlices Error updating Endpoint Slices for Service default/web: *it may not be (endpoint-slice-controller)",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Events_tell_the_story_in_upstreams_words(string story, string[] expected)
    {
        await using var rig = new ControllerRig();

        await EventStories.RunAsync(rig, story);

        string told = "";
        try
        {
            await rig.UntilAsync(
                () => expected.All(line => Matches(told = string.Join('\n', rig.Cluster.All("Event").Select(Line)), line)), "all is told");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected:\n{string.Join('\n', expected)}\nTold:\n{told}");
        }
    }

    private static bool Matches(string told, string expected) => Regex.IsMatch(
        told,
        $"^{Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal)}$",
        RegexOptions.Multiline,
        TimeSpan.FromSeconds(5));

    private static string Line(ObjectDocument document)
    {
        var json = document.ToJson();
        return $"{json.Text("involvedObject", "kind")}/{json.Text("involvedObject", "name")} {json.Text("type")} {json.Text("reason")} {json.Text("message")} ({json.Text("source", "component")})";
    }
}
