using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>
/// Releases in the shape of well-known ones (JupyterHub, Argo Workflows, the Spark operator; the charts are the project's own) settle, and
/// what their programs would do as their service accounts is done here by kubectl.
/// </summary>
public sealed class OperatorShapesTests(SimulatedSite site) : IClassFixture<SimulatedSite>
{
    private const string UserPod = """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: claim-ada, labels: {hub.jupyter.org/username: ada}}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: jupyter-ada, labels: {hub.jupyter.org/username: ada}}
        spec:
          volumes: [{name: home, persistentVolumeClaim: {claimName: claim-ada}}]
          containers: [{name: notebook, image: registry.example.org/notebook:1, args: [jupyterhub-singleuser], volumeMounts: [{name: home, mountPath: /home/jovyan}]}]
        """;

    private const string Lease = """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: workflow-controller}
        spec: {holderIdentity: one, leaseDurationSeconds: 15, acquireTime: "2026-01-01T00:00:00.000000Z", renewTime: "2026-01-01T00:00:00.000000Z", leaseTransitions: 0}
        """;

    private const string Workflow = """
        apiVersion: workflows.example.org/v1alpha1
        kind: Workflow
        metadata: {name: hello}
        spec: {entrypoint: main, serviceAccountName: workflow, templates: [{name: main, container: {image: "registry.example.org/app:1"}}]}
        """;

    private const string Step = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: hello-step
          labels: {workflows.example.org/workflow: hello}
          finalizers: [workflows.example.org/status]
          ownerReferences: [{apiVersion: workflows.example.org/v1alpha1, kind: Workflow, name: hello, uid: UID, controller: true, blockOwnerDeletion: true}]
        spec:
          restartPolicy: Never
          serviceAccountName: workflow
          initContainers: [{name: init, image: "registry.example.org/executor:1"}]
          containers: [{name: wait, image: "registry.example.org/executor:1"}, {name: main, image: "registry.example.org/app:1"}]
        """;

    private const string TaskResult = """
        apiVersion: workflows.example.org/v1alpha1
        kind: WorkflowTaskResult
        metadata: {name: hello-1}
        outputs: {exitCode: "0"}
        """;

    private const string Application = """
        apiVersion: spark.example.org/v1beta2
        kind: SparkApplication
        metadata: {name: pi}
        spec: {type: Python, sparkVersion: 4.0.0, driver: {cores: 1, memory: 512m}, executor: {instances: 2, cores: 1}}
        """;

    [Fact]
    public async Task A_hub_with_hooks_pullers_and_placeholders_settles_and_makes_pods_for_its_users()
    {
        await using Kubectl kubectl = await site.InstallAsync("hub");
        const string Hub = "--as=system:serviceaccount:hub:hub";

        string mayNot = (await kubectl.RunAsync("auth", "can-i", "delete", "deployments", Hub)).Output;
        (await kubectl.RunAsync(UserPod, [], "create", "-f", "-", Hub)).OrFail();

        Assert.Equal("no", mayNot.Trim());
        await kubectl.FieldIsAsync("pod", "jupyter-ada", ".status.phase", "Running");
        await kubectl.FieldIsAsync("pvc", "claim-ada", ".status.phase", "Bound");
        await kubectl.FieldIsAsync("pvc", "hub-db-dir", ".status.phase", "Bound");
        await kubectl.FieldIsAsync("statefulset", "user-placeholder", ".status.readyReplicas", "2");
        await kubectl.FieldIsAsync("pdb", "hub", ".status.disruptionsAllowed", "1");
        Assert.DoesNotContain("hook-image", await kubectl.OkAsync("get", "daemonsets,jobs", "-o", "name"), StringComparison.Ordinal);

        await kubectl.HelmAsync("upgrade", "hub", site.PathOf("hub"), "--wait", "--timeout=120s", "--set", "users=3");
        await kubectl.FieldIsAsync("statefulset", "user-placeholder", ".status.readyReplicas", "3");
        await kubectl.HelmAsync("uninstall", "hub", "--wait", "--timeout=120s");
        await Eventually.TrueAsync(
            async () => (await kubectl.OkAsync("get", "pods", "-o", "name")).Trim() == "pod/jupyter-ada", "only the user's pod stays", Kubectl.PodLimit);
    }

    [Fact]
    public async Task A_workflow_controller_elects_a_leader_and_its_workflows_own_their_pods()
    {
        await using Kubectl kubectl = await site.InstallAsync("workflows");
        const string Controller = "--as=system:serviceaccount:workflows:argo";
        const string Executor = "--as=system:serviceaccount:workflows:workflow";

        (await kubectl.RunAsync(Lease, [], "create", "-f", "-", Controller)).OrFail();
        CommandResult late = await kubectl.RunAsync(
            "patch", "lease", "workflow-controller", Controller, "--type=merge", "-p", """{"metadata":{"resourceVersion":"1"},"spec":{"holderIdentity":"two"}}""");
        (await kubectl.RunAsync(Workflow, [], "create", "-f", "-", Controller)).OrFail();
        string uid = await kubectl.FieldAsync("wf", "hello", ".metadata.uid");
        (await kubectl.RunAsync(Step.Replace("UID", uid, StringComparison.Ordinal), [], "create", "-f", "-", Controller)).OrFail();
        (await kubectl.RunAsync(TaskResult, [], "create", "-f", "-", Executor)).OrFail();
        await kubectl.FieldIsAsync("pod", "hello-step", ".status.phase", "Succeeded");
        await kubectl.OkAsync("patch", "wf", "hello", Controller, "--type=merge", "-p", """{"status":{"phase":"Succeeded","nodes":{"a":{"deep":[1,{"b":2}]}}}}""");

        Assert.Contains("the object has been modified", late.Error, StringComparison.Ordinal);
        Assert.Matches(@"NAME\s+STATUS\s+AGE\nhello\s+Succeeded", await kubectl.OkAsync("get", "wf"));
        Assert.Equal("2", await kubectl.FieldAsync("wf", "hello", ".status.nodes.a.deep[1].b"));
        Assert.Equal("no", (await kubectl.RunAsync("auth", "can-i", "get", "pods", Executor)).Output.Trim());
        await kubectl.OkAsync("create", "rolebinding", "ada", "--clusterrole=view", "--user=ada");
        Assert.Equal("yes", (await kubectl.RunAsync("auth", "can-i", "list", "workflows.workflows.example.org", "--as=ada")).Output.Trim());

        await kubectl.OkAsync("delete", "wf", "hello");
        await kubectl.ShowsAsync("20", "get", "pod", "hello-step", "-o", "jsonpath={.metadata.deletionTimestamp}");
        await kubectl.OkAsync("patch", "pod", "hello-step", Controller, "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        await Eventually.TrueAsync(
            async () => !(await kubectl.OkAsync("get", "pods", "-o", "name")).Contains("hello-step", StringComparison.Ordinal), "the step's pod goes", Kubectl.PodLimit);
        await kubectl.HelmAsync("uninstall", "workflows", "--wait", "--timeout=120s");
        Assert.NotEqual(0, (await kubectl.RunAsync("get", "wf")).ExitCode);
    }

    [Fact]
    public async Task A_spark_operator_with_webhooks_by_service_name_settles_and_executors_go_with_their_driver()
    {
        await using Kubectl kubectl = await site.InstallAsync("spark");
        const string Operator = "--as=system:serviceaccount:spark:spark-operator";
        const string Driver = "--as=system:serviceaccount:spark:spark";

        CommandResult wrong = await kubectl.RunAsync(Application.Replace("Python", "Cobol", StringComparison.Ordinal), [], "create", "-f", "-");
        (await kubectl.RunAsync(Application, [], "create", "-f", "-")).OrFail();
        (await kubectl.RunAsync(SparkPod("pi-driver", ""), [], "create", "-f", "-", Operator)).OrFail();
        string owner = $"ownerReferences: [{{apiVersion: v1, kind: Pod, name: pi-driver, controller: true, uid: {await kubectl.FieldAsync("pod", "pi-driver", ".metadata.uid")}}}], ";
        (await kubectl.RunAsync(SparkPod("pi-exec-1", owner) + "\n---\n" + SparkPod("pi-exec-2", owner), [], "create", "-f", "-", Driver)).OrFail();
        await kubectl.FieldIsAsync("pod", "pi-exec-2", ".status.phase", "Running");
        await kubectl.OkAsync(
            "patch", "sparkapp", "pi", Operator, "--subresource=status", "--type=merge", "-p", """{"status":{"applicationState":{"state":"RUNNING"},"driverInfo":{"podName":"pi-driver"},"executionAttempts":1}}""");

        Assert.Contains("Unsupported value: \"Cobol\"", wrong.Error, StringComparison.Ordinal);
        Assert.Matches(@"pi\s+RUNNING\s+1", await kubectl.OkAsync("get", "sparkapp"));
        Assert.Equal("cluster", await kubectl.FieldAsync("sparkapp", "pi", ".spec.mode"));

        await kubectl.OkAsync("delete", "pod", "pi-driver");
        await Eventually.TrueAsync(
            async () => !(await kubectl.OkAsync("get", "pods", "-o", "name")).Contains("pi-", StringComparison.Ordinal), "the executors go", Kubectl.PodLimit);

        await kubectl.HelmAsync("upgrade", "spark", site.PathOf("spark"), "--wait", "--timeout=120s", "--set", "failurePolicy=Fail");
        CommandResult refused = await kubectl.RunAsync(SparkPod("pi-driver", ""), [], "create", "-f", "-", Operator);
        Assert.Contains("failed calling webhook \"mutating-pod.spark.example.org\"", refused.Error, StringComparison.Ordinal);
        Assert.Contains("spark-operator-webhook.spark.svc", refused.Error, StringComparison.Ordinal);
    }

    private static string SparkPod(string name, string owner) => $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, {{{owner}}}labels: {example.org/launched-by-spark-operator: "true"} }
        spec:
          serviceAccountName: spark
          containers: [{name: spark, image: "registry.example.org/spark:1", resources: {requests: {cpu: "1", memory: 896Mi}, limits: {memory: 896Mi} } }]
        """;
}
