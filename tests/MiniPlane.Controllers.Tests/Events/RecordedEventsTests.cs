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
        { "PodDisruptionBudget", ["PodDisruptionBudget/web Normal NoPods No matching pods found (controllermanager)"] },
        {
            "Node",
            [
                "Node/debug Normal RegisteredNode Node debug event: Registered Node debug in Controller (node-controller)",
                "Node/debug Normal NodeNotReady Node debug status is now: NodeNotReady (node-controller)",
                "Pod/web Warning NodeNotReady Node is not ready (node-controller)",
                "Node/debug Normal NodeReady Node debug status is now: NodeReady (node-controller)",
            ]
        },
        { "Node tainted", ["Pod/web Normal TaintManagerEviction Marking for deletion Pod default/web (taint-eviction-controller)"] },
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
