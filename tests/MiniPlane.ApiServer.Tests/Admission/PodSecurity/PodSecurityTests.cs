using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Admission.PodSecurity;

public sealed class PodSecurityTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Plain = """{"containers":[{"name":"c","image":"i"}]}""";

    private const string Hardened =
        """
        {"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"} },
         "containers":[{"name":"c","image":"i","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]} } }]}
        """;

    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task The_restricted_level_refuses_a_plain_pod_and_says_everything_that_is_wrong()
    {
        string ns = await NamespaceAsync("enforce", "restricted");

        Answer answer = await PodAsync(ns, Plain);

        Assert.Equal(403, answer.Code);
        Assert.Equal(
            "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"c\" must set "
            + "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set "
            + "securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" must set "
            + "securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to "
            + "\"RuntimeDefault\" or \"Localhost\")",
            answer.Message);
    }

    [Fact]
    public async Task The_restricted_level_lets_a_hardened_pod_pass() =>
        Assert.Equal(201, (await PodAsync(await NamespaceAsync("enforce", "restricted"), Hardened)).Code);

    [Theory]
    [InlineData("""{"hostNetwork":true,"containers":[{"name":"c","image":"i"}]}""", "host namespaces (hostNetwork=true)")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","securityContext":{"privileged":true}}]}""",
        "privileged (container \"c\" must not set securityContext.privileged=true)")]
    [InlineData(
        """{"volumes":[{"name":"v","hostPath":{"path":"/"}}],"containers":[{"name":"c","image":"i"}]}""", "hostPath volumes (volume \"v\")")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}""",
        "non-default capabilities (container \"c\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add)")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"hostPort":80}]}]}""",
        "hostPort (container \"c\" uses hostPort 80)")]
    public async Task The_baseline_level_refuses_what_opens_the_node(string spec, string detail)
    {
        string ns = await NamespaceAsync("enforce", "baseline");

        Answer answer = await PodAsync(ns, spec);

        Assert.Equal($"pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": {detail}", answer.Message);
        Assert.Equal(201, (await PodAsync(ns, Plain)).Code);
    }

    [Fact]
    public async Task The_warn_level_lets_pass_and_tells_and_speaks_of_templates_too()
    {
        string ns = await NamespaceAsync("warn", "baseline");
        const string Spec = """{"hostPID":true,"containers":[{"name":"c","image":"i"}]}""";

        Answer pod = await PodAsync(ns, Spec);
        Answer job = await _server.PostAsync(
            $"/apis/batch/v1/namespaces/{ns}/jobs",
            $$"""{"metadata":{"name":"j"},"spec":{"template":{"spec":{{Spec.Replace("{\"host", "{\"restartPolicy\":\"Never\",\"host", StringComparison.Ordinal)}} } } }""");

        string expected = "299 - \"would violate PodSecurity \\\"baseline:latest\\\": host namespaces (hostPID=true)\"";
        Assert.Equal((201, 201), (pod.Code, job.Code));
        Assert.Contains(expected, pod.Warnings);
        Assert.Contains(expected, job.Warnings);
    }

    [Fact]
    public async Task A_level_that_is_none_is_refused_on_the_namespace()
    {
        Answer answer = await _server.PostAsync(
            "/api/v1/namespaces", """{"metadata":{"name":"bad","labels":{"pod-security.kubernetes.io/enforce":"strong"}}}""");

        Assert.Equal(422, answer.Code);
        Assert.Contains("must be one of privileged, baseline, restricted", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raising_the_level_warns_of_pods_that_are_there()
    {
        string ns = await NamespaceAsync("warn", "privileged");
        await PodAsync(ns, Plain);

        Answer answer = await _server.PatchAsync(
            $"/api/v1/namespaces/{ns}", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");

        Assert.Equal(
            [
                $"299 - \"existing pods in namespace \\\"{ns}\\\" violate the new PodSecurity enforce level \\\"restricted:latest\\\"\"",
                "299 - \"p: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile\"",
            ],
            answer.Warnings);
    }

    private Task<Answer> PodAsync(string ns, string spec) =>
        _server.PostAsync($"/api/v1/namespaces/{ns}/pods", $$"""{"metadata":{"name":"p"},"spec":{{spec}} }""");

    private async Task<string> NamespaceAsync(string mode, string level)
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PatchAsync(
            $"/api/v1/namespaces/{ns}", $$"""{"metadata":{"labels":{"pod-security.kubernetes.io/{{mode}}":"{{level}}"} } }""");
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        return ns;
    }
}
