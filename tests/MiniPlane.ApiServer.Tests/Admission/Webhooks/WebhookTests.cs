using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Admission.Webhooks;

/// <summary>Webhooks as users configure them, against a real HTTPS server. Each test has a server of its own: configurations are cluster-wide.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private TestApiServer _server = null!;
    private WebhookServer _hook = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _hook = await WebhookServer.StartAsync("hook.default.svc");
    }

    public async Task DisposeAsync()
    {
        await _hook.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_whose_time_is_up_while_a_webhook_thinks_is_told_so()
    {
        await using WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Handler = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        Answer made = await _server.PostAsync("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", $$"""
            {"metadata":{"name":"thinks"},"webhooks":[{"name":"thinks.example.org","admissionReviewVersions":["v1"],"sideEffects":"None","timeoutSeconds":30,
             "clientConfig":{"url":"https://127.0.0.1:{{hook.Port}}/","caBundle":"{{hook.CaBundle}}"},
             "rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}],
             "objectSelector":{"matchLabels":{"thinks":"long"} } }] }
            """);
        const string slow = """{"metadata":{"name":"slow","labels":{"thinks":"long"}}}""";

        Answer late = await _server.PostAsync("/api/v1/namespaces/default/configmaps?timeout=200ms", slow);

        Assert.True(made.Code == 201, made.Text);
        Assert.Equal((504, "Timeout"), (late.Code, late.Json.Text("reason")));
        Assert.StartsWith("Timeout: request did not complete within", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validating_webhook_that_says_no_is_quoted_in_the_answer()
    {
        _hook.Answer = _ => WebhookServer.Deny("not on my watch");
        await ConfigureAsync("Validating");

        Answer answer = await CreateMapAsync("a");

        Assert.Equal(400, answer.Code);
        Assert.Equal("admission webhook \"test.example.org\" denied the request: not on my watch", answer.Message);
        Assert.Equal(404, (await _server.GetAsync("/api/v1/namespaces/default/configmaps/a")).Code);
    }

    [Fact]
    public async Task A_refusal_keeps_the_webhooks_code_and_reason()
    {
        _hook.Answer = _ => new JsonObject
        {
            ["allowed"] = false,
            ["status"] = new JsonObject { ["code"] = 403, ["reason"] = "Forbidden" },
        };
        await ConfigureAsync("Validating");

        Answer answer = await CreateMapAsync("a");

        Assert.Equal((403, "Forbidden"), (answer.Code, answer.Reason));
        Assert.Equal("admission webhook \"test.example.org\" denied the request: Forbidden", answer.Message);
    }

    [Fact]
    public async Task A_mutating_webhooks_patch_is_stored_pruned_and_defaulted()
    {
        _hook.Answer = _ => WebhookServer.Patch(
            """[{"op":"add","path":"/spec/containers/-","value":{"name":"added","image":"b","bogus":1}}]""");
        await ConfigureAsync("Mutating", resources: "pods");
        await _server.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");

        Answer answer = await _server.PostAsync(
            "/api/v1/namespaces/default/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"a"}]}}""");

        Assert.Equal(201, answer.Code);
        JsonNode? added = answer.Json.Array("spec", "containers")![1];
        Assert.Equal("Always", added.Text("imagePullPolicy"));
        Assert.False(added.Has("bogus"));
        Assert.True(added.Has("volumeMounts"), "the service account plug-in ran again for the added container");
    }

    [Fact]
    public async Task Webhooks_see_what_was_asked_by_whom_and_how()
    {
        await ConfigureAsync("Validating", operations: "*");
        await CreateMapAsync("a");
        await _server.PatchAsync("/api/v1/namespaces/default/configmaps/a?dryRun=All&fieldManager=me", """{"data":{"k":"2"}}""");
        await _server.DeleteAsync("/api/v1/namespaces/default/configmaps/a");

        JsonObject[] seen = Seen();
        Assert.Equal(["CREATE", "UPDATE", "DELETE"], seen.Select(one => one.Text("operation")));
        Assert.Equal(["a", "a", "a"], seen.Select(one => one.Text("name")));
        Assert.Equal("admin", seen[0].Text("userInfo", "username"));
        Assert.Null(seen[0]["oldObject"]);
        Assert.Equal("1", seen[1].Text("oldObject", "data", "k"));
        Assert.Equal("2", seen[1].Text("object", "data", "k"));
        Assert.True(seen[1].Flag("dryRun"));
        Assert.Equal("me", seen[1].Text("options", "fieldManager"));
        Assert.Null(seen[2]["object"]);
        Assert.Equal("configmaps", seen[2].Text("resource", "resource"));
    }

    [Fact]
    public async Task A_webhook_of_a_service_is_found_through_its_endpoints_and_target_port()
    {
        _hook.Answer = _ => WebhookServer.Deny("by service");
        await MakeServiceAsync();
        await ConfigureAsync("Validating", client: Service());

        Answer answer = await CreateMapAsync("a");

        Assert.Equal("admission webhook \"test.example.org\" denied the request: by service", answer.Message);
    }

    [Fact]
    public async Task A_service_without_endpoints_fails_closed_with_an_internal_error()
    {
        await _server.PostAsync(
            "/api/v1/namespaces/default/services", """{"metadata":{"name":"hook"},"spec":{"ports":[{"port":443}]}}""");
        await ConfigureAsync("Validating", client: Service());

        Answer answer = await CreateMapAsync("a");

        Assert.Equal((500, "InternalError"), (answer.Code, answer.Reason));
        Assert.Equal(
            "Internal error occurred: failed calling webhook \"test.example.org\": failed to call webhook: Post "
            + "\"https://hook.default.svc:443/check?timeout=10s\": no endpoints available for service \"hook\"",
            answer.Message);
    }

    [Fact]
    public async Task A_failing_webhook_whose_policy_is_Ignore_is_passed_over()
    {
        await ConfigureAsync("Mutating", client: Service(), failurePolicy: "Ignore");

        Assert.Equal(201, (await CreateMapAsync("a")).Code);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using WebhookServer other = await WebhookServer.StartAsync();
        await ConfigureAsync("Validating", client: $$"""{"url":"https://127.0.0.1:{{_hook.Port}}/","caBundle":"{{other.CaBundle}}"}""");

        Answer answer = await CreateMapAsync("a");

        Assert.EndsWith("tls: failed to verify certificate: x509: certificate signed by unknown authority", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await ConfigureAsync("Validating", client: $$"""{"url":"https://localhost:{{_hook.Port}}/","caBundle":"{{_hook.CaBundle}}"}""");

        Answer answer = await CreateMapAsync("a");

        Assert.EndsWith("x509: certificate is valid for hook.default.svc, 127.0.0.1, not localhost", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_takes_too_long_is_given_up()
    {
        _hook.Handler = context => Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, context.RequestAborted);
        await ConfigureAsync("Validating", timeout: 1);

        Answer answer = await CreateMapAsync("a");

        Assert.Equal(500, answer.Code);
        Assert.EndsWith("?timeout=1s\": context deadline exceeded", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_namespaces_and_the_objects_labels_choose_who_is_asked()
    {
        await _server.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"watched","labels":{"watch":"yes"}}}""");
        _hook.Answer = _ => WebhookServer.Deny("no");
        await ConfigureAsync(
            "Validating", extra: """, "namespaceSelector":{"matchLabels":{"watch":"yes"}},"objectSelector":{"matchExpressions":[{"key":"skip","operator":"DoesNotExist"}]}""");

        Assert.Equal(201, (await CreateMapAsync("a")).Code);
        Assert.Equal(400, (await CreateMapAsync("a", "watched")).Code);
        Answer skipped = await _server.PostAsync(
            "/api/v1/namespaces/watched/configmaps", """{"metadata":{"name":"b","labels":{"skip":"1"}}}""");
        Assert.Equal(201, skipped.Code);
    }

    [Fact]
    public async Task A_rule_for_another_version_of_the_same_resource_gets_the_object_in_that_version()
    {
        await ConfigureAsync("Validating", group: "autoscaling", versions: "v1", resources: "horizontalpodautoscalers");

        Answer answer = await _server.PostAsync(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            """
            {"metadata":{"name":"h"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}]}}
            """);

        Assert.Equal(201, answer.Code);
        JsonObject seen = Assert.Single(_hook.Seen);
        Assert.Equal(("v1", "v2"), (seen.Text("kind", "version"), seen.Text("requestKind", "version")));
        Assert.Equal(50, seen.Integer("object", "spec", "targetCPUUtilizationPercentage"));
    }

    [Fact]
    public async Task A_webhook_with_IfNeeded_sees_what_a_later_one_changed()
    {
        _hook.Answer = request => request.At("object", "data").Has("second") || request.TextOrEmpty("object", "metadata", "labels", "by") == "second"
            ? WebhookServer.Allow()
            : WebhookServer.Patch("""[{"op":"add","path":"/data/second","value":"yes"}]""");
        await ConfigureAsync("Mutating", name: "a-first", extra: ", \"reinvocationPolicy\":\"IfNeeded\"");
        await ConfigureAsync("Mutating", name: "b-second");
        await CreateMapAsync("a");
        int unchanged = Seen().Length;
        _hook.Answer = request => request.Object("object", "data") is { } data
            ? WebhookServer.Patch($$"""[{"op":"add","path":"/data/n{{data.Count}}","value":"x"}]""")
            : WebhookServer.Allow();

        await CreateMapAsync("b");

        // The first one changed the map in its only call; then the second saw it in order and had nothing to say.
        Assert.Equal(2, unchanged);

        // Both change the map each time: the first is asked again after the second, the second (Never) is not.
        Assert.Equal(3, Seen().Length - unchanged);
    }

    [Fact]
    public async Task Warnings_reach_the_client()
    {
        _hook.Answer = _ => new JsonObject { ["allowed"] = true, ["warnings"] = new JsonArray("mind the gap") };
        await ConfigureAsync("Validating");

        Assert.Equal(["299 - \"mind the gap\""], (await CreateMapAsync("a")).Warnings);
    }

    [Fact]
    public async Task Webhook_configurations_are_out_of_every_webhooks_reach()
    {
        _hook.Answer = _ => WebhookServer.Deny("locked");
        await ConfigureAsync("Validating", group: "*", resources: "*", operations: "*");

        Assert.Equal(400, (await CreateMapAsync("a")).Code);
        Assert.Equal(
            200,
            (await _server.DeleteAsync("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/test")).Code);
        Assert.Equal(201, (await CreateMapAsync("a")).Code);
    }

    [Fact]
    public async Task A_scale_reaches_the_webhook_as_a_Scale()
    {
        await ConfigureAsync("Mutating", group: "apps", resources: "deployments/scale");
        _hook.Answer = _ => WebhookServer.Patch("""[{"op":"replace","path":"/spec/replicas","value":7}]""");
        await _server.PostAsync(
            "/apis/apps/v1/namespaces/default/deployments",
            """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);

        Answer answer = await _server.PatchAsync("/apis/apps/v1/namespaces/default/deployments/d/scale", """{"spec":{"replicas":2}}""");

        Assert.Equal(7, answer.Json.Integer("spec", "replicas"));
        Assert.Equal("Scale", Assert.Single(_hook.Seen).Text("kind", "kind"));
    }

    private Task<Answer> CreateMapAsync(string name, string ns = "default") => _server.PostAsync(
        $"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"{{name}}"},"data":{"k":"1"} }""");

    private static string Service() => """{"service":{"namespace":"default","name":"hook","path":"/check"},"caBundle":"CA"}""";

    // The server itself writes a ConfigMap into kube-system when it starts.
    private JsonObject[] Seen() => [.. _hook.Seen.Where(one => one.Text("namespace") == "default")];

    private async Task MakeServiceAsync()
    {
        await _server.PostAsync(
            "/api/v1/namespaces/default/services",
            """{"metadata":{"name":"hook"},"spec":{"ports":[{"name":"web","port":443,"targetPort":8443},{"name":"other","port":80}]}}""");
        Answer slice = await _server.PostAsync(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            $$"""
            {"metadata":{"name":"hook-1","labels":{"kubernetes.io/service-name":"hook"} },"addressType":"IPv4",
             "ports":[{"name":"web","port":{{_hook.Port}}}],"endpoints":[{"addresses":["127.0.0.1"]}]}
            """);
        Assert.Equal(201, slice.Code);
    }

    private async Task ConfigureAsync(
        string sort,
        string group = "",
        string versions = "*",
        string resources = "configmaps",
        string operations = "CREATE\",\"UPDATE",
        string? client = null,
        string failurePolicy = "Fail",
        int timeout = 10,
        string name = "test",
        string extra = "")
    {
        client ??= string.Create(CultureInfo.InvariantCulture, $$"""{"url":"https://127.0.0.1:{{_hook.Port}}/check","caBundle":"CA"}""");
        Answer answer = await _server.PostAsync(
            $"/apis/admissionregistration.k8s.io/v1/{sort.ToLowerInvariant()}webhookconfigurations",
            $$"""
            {"metadata":{"name":"{{name}}"},"webhooks":[{"name":"test.example.org","admissionReviewVersions":["v1"],"sideEffects":"None",
              "failurePolicy":"{{failurePolicy}}","timeoutSeconds":{{timeout}},
              "clientConfig":{{client.Replace("\"CA\"", $"\"{_hook.CaBundle}\"", StringComparison.Ordinal)}},
              "rules":[{"apiGroups":["{{group}}"],"apiVersions":["{{versions}}"],"resources":["{{resources}}"],"operations":["{{operations}}"] } ]{{extra}} } ] }
            """);
        Assert.True(answer.Code == 201, answer.Text);
    }
}
