using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Authorization;

public sealed class AccessTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task Without_credentials_only_health_and_version_are_answered()
    {
        using HttpClient nobody = _server.NewClient(null);

        Answer pods = await _server.SendAsync(HttpMethod.Get, "/api/v1/pods", null, null, client: nobody);
        Answer ready = await _server.SendAsync(HttpMethod.Get, "/readyz", null, null, client: nobody);
        Answer version = await _server.SendAsync(HttpMethod.Get, "/version", null, null, client: nobody);

        Assert.Equal((401, "Unauthorized"), (pods.Code, pods.Reason));
        Assert.Equal((200, "ok"), (ready.Code, ready.Text));
        Assert.Equal("36", version.Json.Text("minor"));
    }

    [Fact]
    public async Task A_wrong_token_is_401()
    {
        using HttpClient stranger = _server.NewClient("not-a-token");

        Answer answer = await _server.SendAsync(HttpMethod.Get, "/version", null, null, client: stranger);

        Assert.Equal(401, answer.Code);
    }

    [Fact]
    public async Task A_user_without_a_role_is_forbidden_in_upstreams_words()
    {
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);

        Answer answer = await _server.SendAsync(HttpMethod.Get, "/api/v1/namespaces/default/secrets/s", null, null, client: jane);

        Assert.Equal((403, "Forbidden"), (answer.Code, answer.Reason));
        Assert.Equal(
            "secrets \"s\" is forbidden: User \"jane\" cannot get resource \"secrets\" in API group \"\" in the namespace \"default\"",
            answer.Message);
    }

    [Fact]
    public async Task A_role_binding_lets_a_group_do_what_its_role_says_and_no_more()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync(
            $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles",
            """{"metadata":{"name":"r"},"rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["configmaps"]}]}""");
        await _server.PostAsync(
            $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings",
            """
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"team-a"}]}
            """);
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);

        Answer list = await _server.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{ns}/configmaps", null, null, client: jane);
        Answer create = await _server.SendAsync(
            HttpMethod.Post, $"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""", "application/json", client: jane);

        Assert.Equal(200, list.Code);
        Assert.Equal(403, create.Code);
    }

    [Fact]
    public async Task A_user_can_ask_who_they_are_and_what_they_may()
    {
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);

        Answer who = await _server.SendAsync(
            HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", "application/json", client: jane);
        Answer may = await _server.SendAsync(
            HttpMethod.Post,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"spec":{"resourceAttributes":{"verb":"create","resource":"pods","namespace":"default"} } }""",
            "application/json",
            client: jane);

        Assert.Equal("jane", who.Json.Text("status", "userInfo", "username"));
        Assert.Equal(201, may.Code);
        Assert.False(may.Json.Flag("status", "allowed"));
    }

    [Fact]
    public async Task The_view_role_is_made_of_the_roles_that_aggregate_to_it()
    {
        Answer view = await _server.GetAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles/view");

        Assert.Contains(view.Json.Objects("rules"), rule => rule.Texts("resources").Contains("pods/log", StringComparer.Ordinal));
        Assert.DoesNotContain(view.Json.Objects("rules"), rule => rule.Texts("resources").Contains("secrets", StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_administrator_may_act_as_someone_else_and_then_has_only_their_rights()
    {
        using HttpClient asJane = _server.NewClient(TestApiServer.AdminToken);
        asJane.DefaultRequestHeaders.Add("Impersonate-User", "jane");

        Answer who = await _server.SendAsync(
            HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", "application/json", client: asJane);
        Answer secrets = await _server.SendAsync(HttpMethod.Get, "/api/v1/secrets", null, null, client: asJane);

        Assert.Equal("jane", who.Json.Text("status", "userInfo", "username"));
        Assert.Equal(403, secrets.Code);
    }

    [Fact]
    public async Task A_user_may_not_act_as_someone_else()
    {
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);
        jane.DefaultRequestHeaders.Add("Impersonate-User", "kubernetes-admin");

        Answer answer = await _server.SendAsync(HttpMethod.Get, "/version", null, null, client: jane);

        Assert.Equal((403, "Forbidden"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task Who_may_act_as_someone_else_for_one_purpose_may_not_for_another()
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"{rbac}/clusterroles", $$"""
            {"metadata":{"name":"{{ns}}"},"rules":[
             {"apiGroups":["authentication.k8s.io"],"resources":["users"],"resourceNames":["panda"],"verbs":["impersonate:user-info"]},
             {"apiGroups":["authentication.k8s.io"],"resources":["nodes"],"verbs":["impersonate:arbitrary-node"]},
             {"apiGroups":[""],"resources":["pods"],"verbs":["impersonate-on:user-info:list","impersonate-on:arbitrary-node:list"]}]}
            """);
        await _server.PostAsync($"{rbac}/clusterrolebindings", $$"""
            {"metadata":{"name":"{{ns}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{ns}}"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}
            """);
        await _server.PostAsync($"{rbac}/namespaces/{ns}/rolebindings", """
            {"metadata":{"name":"view"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"panda"},
                         {"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:nodes"}]}
            """);

        await Eventually.TrueAsync(async () => (await AsAsync("panda", $"/api/v1/namespaces/{ns}/pods")).Code == 200, "the bindings hold");
        Answer asNode = await AsAsync("system:node:one", $"/api/v1/namespaces/{ns}/pods");
        Answer other = await AsAsync("panda", $"/api/v1/namespaces/{ns}/configmaps");
        Answer someone = await AsAsync("koala", $"/api/v1/namespaces/{ns}/pods");

        Assert.Equal((200, 403, 403), (asNode.Code, other.Code, someone.Code));
        Assert.Contains("cannot impersonate-on:user-info:list resource \"configmaps\"", other.Message, StringComparison.Ordinal);
        Assert.Contains("cannot impersonate:user-info resource \"users\" in API group \"authentication.k8s.io\"", someone.Message, StringComparison.Ordinal);

        async Task<Answer> AsAsync(string name, string path)
        {
            using HttpClient jane = _server.NewClient(TestApiServer.UserToken);
            jane.DefaultRequestHeaders.Add("Impersonate-User", name);
            return await _server.SendAsync(HttpMethod.Get, path, null, null, client: jane);
        }
    }

    [Fact]
    public async Task Nobody_gives_away_more_than_they_have()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync(
            $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings",
            """
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}
            """);
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);
        string roles = $"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles";

        Answer less = await _server.SendAsync(
            HttpMethod.Post,
            roles,
            """{"metadata":{"name":"less"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}""",
            "application/json",
            client: jane);
        Answer more = await _server.SendAsync(
            HttpMethod.Post,
            roles,
            """{"metadata":{"name":"more"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}""",
            "application/json",
            client: jane);

        Assert.Equal(201, less.Code);
        Assert.Equal(403, more.Code);
        Assert.Contains("is attempting to grant RBAC permissions not currently held", more.Message, StringComparison.Ordinal);
    }
}
