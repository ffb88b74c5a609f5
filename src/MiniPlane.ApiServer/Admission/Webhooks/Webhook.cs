using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>One webhook of a configuration object, read once and kept until the object changes.</summary>
internal sealed record Webhook
{
    public required string Configuration { get; init; }

    public required string Name { get; init; }

    /// <summary>Its place in its configuration.</summary>
    public required int Index { get; init; }

    public required IReadOnlyList<WebhookRule> Rules { get; init; }

    public required bool MatchesEquivalents { get; init; }

    /// <summary>A call that fails is passed over; else it refuses the request.</summary>
    public required bool IgnoresFailure { get; init; }

    public required LabelSelector Namespaces { get; init; }

    public required LabelSelector Objects { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required bool SupportsDryRun { get; init; }

    public required bool IsReinvoked { get; init; }

    public required IReadOnlyList<string> ReviewVersions { get; init; }

    public required IReadOnlyList<MatchCondition> Conditions { get; init; }

    public required JsonObject? ClientConfig { get; init; }

    public static IReadOnlyList<Webhook> ReadAll(ObjectDocument configuration) =>
    [
        .. configuration.ToJson().Objects("webhooks").Select((webhook, index) => Read(configuration.Metadata.Name, webhook, index)),
    ];

    /// <exception cref="OutboundException">Its configuration cannot be used.</exception>
    public CallTarget Target() => CallTarget.From(ClientConfig);

    private static Webhook Read(string configuration, JsonObject webhook, int index) => new()
    {
        Configuration = configuration,
        Name = webhook.TextOrEmpty("name"),
        Index = index,
        Rules = [.. webhook.Objects("rules").Select(WebhookRule.From)],
        MatchesEquivalents = webhook.Text("matchPolicy") != "Exact",
        IgnoresFailure = webhook.Text("failurePolicy") == "Ignore",
        Namespaces = LabelSelectorParser.FromJson(webhook["namespaceSelector"] ?? new JsonObject()),
        Objects = LabelSelectorParser.FromJson(webhook["objectSelector"] ?? new JsonObject()),
        Timeout = TimeSpan.FromSeconds(webhook.Integer("timeoutSeconds") ?? 10),
        SupportsDryRun = webhook.Text("sideEffects") is "None" or "NoneOnDryRun",
        IsReinvoked = webhook.Text("reinvocationPolicy") == "IfNeeded",
        ReviewVersions = [.. webhook.Texts("admissionReviewVersions")],
        Conditions =
        [
            .. webhook.Objects("matchConditions")
                .Select(one => new MatchCondition(one.TextOrEmpty("name"), one.TextOrEmpty("expression"))),
        ],
        ClientConfig = webhook.Object("clientConfig"),
    };
}
