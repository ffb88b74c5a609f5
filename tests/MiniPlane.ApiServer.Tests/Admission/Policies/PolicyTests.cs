using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Admission.Policies;

public sealed class PolicyTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Root = "/apis/admissionregistration.k8s.io/v1";

    private TestApiServer Server => fixture.Server;

    [Fact]
    public async Task A_false_validation_denies_with_its_message_and_reason()
    {
        string ns = await fixture.NamespaceAsync();
        await ValidateAsync(
            ns,
            """
            "variables":[{"name":"size","expression":"size(object.data)"}],
            "validations":[{"expression":"variables.size <= 1","messageExpression":"'has ' + string(variables.size) + ' entries'","reason":"Forbidden"}]
            """);

        Answer denied = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"x":"1","y":"2"}}""");
        Answer allowed = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        Assert.Equal((403, "Forbidden"), (denied.Code, denied.Reason));
        Assert.Equal($"configmaps \"a\" is forbidden: ValidatingAdmissionPolicy '{ns}' with binding '{ns}' denied request: has 2 entries", denied.Message);
        Assert.Equal(201, allowed.Code);
    }

    [Fact]
    public async Task Warnings_tell_and_conditions_spare()
    {
        string ns = await fixture.NamespaceAsync();
        await ValidateAsync(
            ns,
            """
            "matchConditions":[{"name":"not-spared","expression":"!object.metadata.name.startsWith('spared')"}],
            "validations":[{"expression":"has(object.data)"}]
            """,
            "Warn");

        Answer warned = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");
        Answer spared = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"spared"}}""");

        Assert.Equal(201, warned.Code);
        Assert.Contains("failed expression: has(object.data)", warned.Warnings[0], StringComparison.Ordinal);
        Assert.Empty(spared.Warnings);
    }

    [Fact]
    public async Task Parameters_come_from_the_object_that_the_binding_names()
    {
        string ns = await fixture.NamespaceAsync();
        await Server.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"limits"},"type":"Opaque","stringData":{"most":"3"}}""");
        await ValidateAsync(
            ns,
            """
            "paramKind":{"apiVersion":"v1","kind":"Secret"},
            "validations":[{"expression":"size(object.data) <= int(string(base64.decode(params.data.most)))","message":"too many"}]
            """,
            "Deny",
            """, "paramRef":{"name":"limits","parameterNotFoundAction":"Deny"} """);

        Answer denied = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"a":"","b":"","c":"","d":""}}""");
        Answer allowed = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"a":"","b":""}}""");

        Assert.Equal((422, 201), (denied.Code, allowed.Code));
    }

    [Fact]
    public async Task An_expression_that_fails_counts_by_the_failure_policy()
    {
        string ns = await fixture.NamespaceAsync();
        await ValidateAsync(ns, """ "validations":[{"expression":"object.data.missing == 'x'"}] """);

        Answer denied = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{}}""");

        Assert.Equal(422, denied.Code);
        Assert.Contains("resulted in error: no such key: ", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mutating_policy_applies_configurations_and_patches()
    {
        string ns = await fixture.NamespaceAsync();
        await Server.PostAsync($"{Root}/mutatingadmissionpolicies", $$"""
            {"metadata":{"name":"{{ns}}"},"spec":{"failurePolicy":"Fail","reinvocationPolicy":"Never",
             "matchConstraints":{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{ns}}"} },"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]},
             "mutations":[
              {"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{labels: {'by': request.userInfo.username} } }"} },
              {"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: string(size(object.data))}]"} }] } }
            """);
        await Server.PostAsync($"{Root}/mutatingadmissionpolicybindings", $$"""{"metadata":{"name":"{{ns}}"},"spec":{"policyName":"{{ns}}"} }""");

        Answer made = await Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        Assert.True(made.Code == 201, made.Text);
        Assert.Equal(("admin", "1"), (made.Json.Text("metadata", "labels", "by"), made.Json.Text("metadata", "labels", "a/b")));
    }

    [Fact]
    public async Task A_policy_that_does_not_compile_is_refused()
    {
        Answer refused = await Server.PostAsync($"{Root}/validatingadmissionpolicies", """
            {"metadata":{"name":"wrong"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["apps"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["deployments"]}]},
             "validations":[{"expression":"nothing.spec == 1"}]}}
            """);

        Assert.Equal(422, refused.Code);
        Assert.Contains("spec.validations[0].expression: Invalid value: \"nothing.spec == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expressions_are_checked_against_custom_kinds_too()
    {
        await MiniPlane.ApiServer.Tests.CustomResources.Definitions.ServeAsync(
            Server,
            MiniPlane.ApiServer.Tests.CustomResources.Definitions.Widgets(
                "typed.example.org", """{"type":"object","properties":{"spec":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}"""));
        await Server.PostAsync($"{Root}/validatingadmissionpolicies", """
            {"metadata":{"name":"typed-custom"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["typed.example.org"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["widgets"]}]},
             "validations":[{"expression":"object.spec.replicas > 1"},{"expression":"object.spec.replicas > '1'"},{"expression":"object.metadata.name != ''"}]}}
            """);

        await Eventually.TrueAsync(
            async () => (await Server.GetAsync($"{Root}/validatingadmissionpolicies/typed-custom")).Json.Objects("status", "typeChecking", "expressionWarnings")
                .Select(warning => warning.Text("fieldRef")).SequenceEqual(["spec.validations[1].expression"]),
            "the one wrong expression is told of");
    }

    [Fact]
    public async Task Expressions_are_checked_against_the_kinds_they_are_about()
    {
        await Server.PostAsync($"{Root}/validatingadmissionpolicies", """
            {"metadata":{"name":"typed"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["apps"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["deployments"]}]},
             "validations":[{"expression":"object.spec.replicas > '1'"},{"expression":"object.spec.maxReplicas > 1"},{"expression":"object.spec.replicas > 1"}]}}
            """);

        await Eventually.TrueAsync(
            async () => (await Server.GetAsync($"{Root}/validatingadmissionpolicies/typed")).Json.Objects("status", "typeChecking", "expressionWarnings")
                .Select(warning => warning.TextOrEmpty("fieldRef"))
                .SequenceEqual(["spec.validations[0].expression", "spec.validations[1].expression"]),
            "the status tells which expressions are wrong");
    }

    private async Task ValidateAsync(string ns, string spec, string action = "Deny", string binding = "")
    {
        Answer policy = await Server.PostAsync($"{Root}/validatingadmissionpolicies", $$"""
            {"metadata":{"name":"{{ns}}"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],"resources":["configmaps"]}]},{{spec}} } }
            """);
        Answer bound = await Server.PostAsync($"{Root}/validatingadmissionpolicybindings", $$"""
            {"metadata":{"name":"{{ns}}"},"spec":{"policyName":"{{ns}}","validationActions":["{{action}}"],
             "matchResources":{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{ns}}"} } }{{binding}} } }
            """);
        Assert.Equal((201, 201), (policy.Code, bound.Code));
    }
}
