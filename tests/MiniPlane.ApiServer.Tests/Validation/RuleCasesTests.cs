using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Validation;

/// <summary>
/// What is accepted and refused, kind by kind: each line of <c>rules.jsonl</c> is an object and perhaps a change of it, and the code and
/// causes ("reason field") that must come back: written down from upstream's validation, kind by kind, or recorded from this server and
/// looked through against it; none comes from a real kube-apiserver (those are in Golden). Known to differ from it: loopback endpoints
/// and malformed <c>loadBalancerSourceRanges</c> are accepted, and a service needs no port, all being headless.
/// </summary>
public sealed class RuleCasesTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    public static TheoryData<int> Lines => [.. Enumerable.Range(0, Cases.Length)];

    private static JsonObject[] Cases { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Validation", "rules.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject()),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task The_answer_names_what_is_wrong(int line)
    {
        JsonObject rule = Cases[line];
        string ns = await fixture.NamespaceAsync();
        string path = rule.TextOrEmpty("path").Replace("NS", ns, StringComparison.Ordinal);
        string body = rule["object"]!.ToJsonString().Replace("NS", ns, StringComparison.Ordinal);
        if (path.EndsWith("/pods", StringComparison.Ordinal))
        {
            await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"} }""");
        }

        Answer answer = await fixture.Server.PostAsync(path, body);
        if (rule["change"] is { } change)
        {
            Assert.Equal(201, answer.Code);
            answer = await fixture.Server.PatchAsync($"{path}/{answer.Json.TextOrEmpty("metadata", "name")}", change.ToJsonString());
        }

        string[] causes =
        [
            .. answer.Json.Objects("details", "causes")
                .Select(cause => $"{cause.TextOrEmpty("reason")} {cause.TextOrEmpty("field")}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal((rule.Integer("code"), string.Join("; ", rule.Texts("causes"))), (answer.Code, string.Join("; ", causes)));
    }
}
