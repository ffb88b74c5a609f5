using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Requests;

public sealed class ListWaysTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_review_has_no_form_as_a_table()
    {
        Answer answer = await fixture.Server.SendAsync(
            HttpMethod.Post,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""",
            "application/json",
            "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.Equal(406, answer.Code);
    }

    [Fact]
    public async Task The_parts_of_the_control_plane_can_be_asked_for_the_old_way()
    {
        Answer table = await fixture.Server.GetAsync("/api/v1/componentstatuses", "application/json;as=Table;v=v1;g=meta.k8s.io");
        Answer one = await fixture.Server.GetAsync("/api/v1/componentstatuses/etcd-0");
        Answer none = await fixture.Server.GetAsync("/api/v1/componentstatuses/other");

        Assert.Equal(["controller-manager", "etcd-0", "scheduler"], table.Json.Objects("rows").Select(row => row.Array("cells")?[0].Text()));
        Assert.Equal(("Healthy", "True", "ok"), Condition(one));
        Assert.Equal(404, none.Code);
        Assert.Contains("v1 ComponentStatus is deprecated in v1.19+", Assert.Single(one.Warnings), StringComparison.Ordinal);

        static (string?, string?, string?) Condition(Answer answer)
        {
            JsonObject? condition = answer.Json.Objects("conditions").Single();
            return (condition.Text("type"), condition.Text("status"), condition.Text("message"));
        }
    }

    [Theory]
    [InlineData("Table")]
    [InlineData("PartialObjectMetadataList")]
    public async Task Old_clients_get_the_version_that_they_know(string form)
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/serviceaccounts";

        Answer answer = await fixture.Server.GetAsync(path, $"application/json;as={form};v=v1beta1;g=meta.k8s.io");

        Assert.Equal((form, "meta.k8s.io/v1beta1"), (answer.Json.Text("kind"), answer.Json.Text("apiVersion")));
    }

    [Fact]
    public async Task What_a_table_includes_is_one_of_three()
    {
        Answer answer = await fixture.Server.GetAsync(
            "/api/v1/namespaces?includeObject=Everything", "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.Equal(400, answer.Code);
    }

    [Fact]
    public async Task A_limited_deletion_of_a_collection_stops_at_its_limit()
    {
        string ns = await fixture.NamespaceAsync();
        foreach (string name in (string[])["a", "b", "c"])
        {
            await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"{{name}}"} }""");
        }

        await fixture.Server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps?limit=2");

        Answer left = await fixture.Server.GetAsync($"/api/v1/namespaces/{ns}/configmaps");
        Assert.Equal(["c"], left.Json.Objects("items").Select(item => item.Text("metadata", "name")));
    }

    [Fact]
    public async Task Events_are_found_by_the_names_that_their_group_gives_the_fields()
    {
        string ns = await fixture.NamespaceAsync();
        Answer made = await fixture.Server.PostAsync(
            $"/apis/events.k8s.io/v1/namespaces/{ns}/events",
            $$"""
            {"metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p","namespace":"{{ns}}"},"eventTime":"2026-01-01T00:00:00.000000Z",
             "reason":"r","action":"a","type":"Normal","reportingController":"me","reportingInstance":"i"}
            """);

        Answer found = await fixture.Server.GetAsync(
            $"/apis/events.k8s.io/v1/namespaces/{ns}/events?fieldSelector=regarding.name%3Dp,reportingController%3Dme");
        Answer other = await fixture.Server.GetAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events?fieldSelector=regarding.name%3Dq");

        Assert.Equal(201, made.Code);
        Assert.Single(found.Json.Objects("items"));
        Assert.Empty(other.Json.Objects("items"));
    }

    [Fact]
    public async Task The_old_path_watches_one_object()
    {
        string ns = await fixture.NamespaceAsync();
        await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"other"}}""");
        await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"one"}}""");

        using var reader = new StreamReader(await fixture.Server.Admin.GetStreamAsync(
            $"/api/v1/watch/namespaces/{ns}/configmaps/one?timeoutSeconds=30", CancellationToken.None));
        string? line = await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Limit, TimeProvider.System);

        Assert.Contains("\"name\":\"one\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_of_a_custom_kind_ends_when_its_definition_changes()
    {
        string ns = await fixture.NamespaceAsync();
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        await fixture.Server.PostAsync(
            Definitions,
            """
            {"metadata":{"name":"eras.example.test"},"spec":{"group":"example.test","scope":"Namespaced","names":{"plural":"eras","kind":"Era"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """);
        string path = $"/apis/example.test/v1/namespaces/{ns}/eras";
        await Eventually.TrueAsync(async () => (await fixture.Server.GetAsync(path)).Code == 200, "the kind is served", Limit);

        using var reader = new StreamReader(await fixture.Server.Admin.GetStreamAsync($"{path}?watch=1", CancellationToken.None));
        await fixture.Server.PatchAsync(
            $"{Definitions}/eras.example.test",
            """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties","value":{"a":{"type":"string"}}}]""",
            "application/json-patch+json");
        string? line = await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Limit, TimeProvider.System);

        Assert.Null(line);
    }
}
