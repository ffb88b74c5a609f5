using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>
/// Checks the expressions of validating policies against the types they are about and writes what is wrong into their status
/// (pkg/controller/validatingadmissionpolicystatus).
/// </summary>
internal sealed class PolicyStatusLoop(IClusterClient cluster, ILogger<PolicyStatusLoop> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private const string ApiVersion = "admissionregistration.k8s.io/v1";
    private const int MostTypes = 10;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Catalogue.FindKind(ApiVersion, "ValidatingAdmissionPolicy")
            ?? throw new InvalidOperationException("the catalogue has no ValidatingAdmissionPolicy");
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        foreach (ObjectDocument document in list.Items)
        {
            await CheckAsync(kind, document, cancellationToken);
        }

        await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, list.Revision, cancellationToken))
        {
            if (change is { Document: { } document, Type: ClusterEventType.Added or ClusterEventType.Modified })
            {
                await CheckAsync(kind, document, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        JsonObject policy = document.ToJson();
        long? generation = policy.Integer("metadata", "generation");
        if (generation is null || policy.Integer("status", "observedGeneration") == generation)
        {
            return;
        }

        JsonObject status = policy.Ensure("status");
        status["observedGeneration"] = generation;
        JsonArray warnings = Warnings(policy);
        status["typeChecking"] = warnings.Count == 0 ? [] : new JsonObject { ["expressionWarnings"] = warnings };
        try
        {
            await cluster.UpdateAsync(kind, policy, "status", cancellationToken);
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound")
        {
            // A newer state is on its way here, or there is nothing left to tell about.
        }
    }

    private JsonArray Warnings(JsonObject policy)
    {
        var found = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (KindDefinition kind in Kinds(policy))
        {
            var typed = Policy.Read(policy, CatalogueCelTypes.Of(kind.Type));
            for (int at = 0; at < typed.Validations.Count; at++)
            {
                PolicyValidation validation = typed.Validations[at];
                Note(found, $"spec.validations[{at}].expression", validation.Expression, kind);
                if (validation.MessageExpression is { } message)
                {
                    Note(found, $"spec.validations[{at}].messageExpression", message, kind);
                }
            }
        }

        return [.. found.Select(pair => (JsonNode)new JsonObject { ["fieldRef"] = pair.Key, ["warning"] = string.Join('\n', pair.Value) })];
    }

    private static void Note(SortedDictionary<string, List<string>> found, string field, PolicyExpression expression, KindDefinition kind)
    {
        if (expression.Program is null)
        {
            if (!found.TryGetValue(field, out List<string>? texts))
            {
                texts = [];
                found[field] = texts;
            }

            texts.Add($"{kind.Group}/{kind.Version}, Kind={kind.Kind}: {expression.Problem.Replace("compilation failed: ", "", StringComparison.Ordinal)}\n");
        }
    }

    // Only rules that name groups, versions and resources one by one say what the object will be.
    private IEnumerable<KindDefinition> Kinds(JsonObject policy)
    {
        IEnumerable<WebhookRule> rules = MatchResources.Read(policy.Object("spec", "matchConstraints"))?.Rules ?? [];
        return rules
            .Where(rule => !rule.Groups.Contains("*", StringComparer.Ordinal) && !rule.Versions.Contains("*", StringComparer.Ordinal) && !rule.Resources.Contains("*", StringComparer.Ordinal))
            .SelectMany(rule => rule.Groups.SelectMany(group => rule.Versions.SelectMany(version => rule.Resources.Select(resource => cluster.Catalogue.FindResource(group, version, resource)))))
            .OfType<KindDefinition>()
            .DistinctBy(kind => kind.ToString(), StringComparer.Ordinal)
            .Take(MostTypes);
    }
}
