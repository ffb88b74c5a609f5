using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of API priority and fairness (pkg/apis/flowcontrol/v1/defaults.go).</summary>
internal static class FlowControlDefaults
{
    private const long Precedence = 1000;
    private const long Shares = 30;

    public static void FlowSchema(JsonObject schema) => schema.Ensure("spec").DefaultNumber("matchingPrecedence", Precedence);

    public static void PriorityLevel(JsonObject level)
    {
        JsonObject spec = level.Ensure("spec");
        if (spec.Text("type") == "Exempt")
        {
            JsonObject exempt = spec.Ensure("exempt");
            exempt.Default("nominalConcurrencyShares", 0);
            exempt.Default("lendablePercent", 0);
            return;
        }

        if (spec.Object("limited") is not { } limited)
        {
            return;
        }

        limited.Default("nominalConcurrencyShares", Shares);
        limited.Default("lendablePercent", 0);
        if (limited.Text("limitResponse", "type") == "Queue")
        {
            JsonObject queuing = limited.Ensure("limitResponse", "queuing");
            queuing.DefaultNumber("handSize", 8);
            queuing.DefaultNumber("queues", 64);
            queuing.DefaultNumber("queueLengthLimit", 50);
        }
    }
}
