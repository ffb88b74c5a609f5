using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Audit;

/// <summary>An audit.k8s.io/v1 Policy: the first rule that matches a request says how much of it is kept.</summary>
internal sealed class AuditPolicy
{
    /// <summary>Nothing is kept.</summary>
    public static readonly AuditPolicy Nothing = new([], [], false);

    private readonly AuditRule[] _rules;
    private readonly string[] _omittedStages;
    private readonly bool _omitsManagedFields;

    private AuditPolicy(AuditRule[] rules, string[] omittedStages, bool omitsManagedFields)
    {
        _omitsManagedFields = omitsManagedFields;
        _rules = rules;
        _omittedStages = omittedStages;
    }

    /// <exception cref="InvalidDataException">The file is no audit policy.</exception>
    public static AuditPolicy Read(string file)
    {
        JsonNode? json = YamlReader.Read(File.ReadAllBytes(file), []);
        if (json.Text("kind") != "Policy" || json.Text("apiVersion") != "audit.k8s.io/v1")
        {
            throw new InvalidDataException($"{file}: not a Policy of audit.k8s.io/v1");
        }

        AuditRule[] rules = [.. json.Objects("rules").Select(AuditRule.From)];
        return rules.Length > 0
            ? new AuditPolicy(rules, [.. json.Texts("omitStages")], json.Flag("omitManagedFields") ?? false)
            : throw new InvalidDataException($"{file}: a policy needs at least one rule");
    }

    /// <summary>The rule for a request, or null when nothing of it is kept.</summary>
    public AuditDecision? Of(RequestInfo request, UserInfo user)
    {
        foreach (AuditRule rule in _rules)
        {
            if (rule.Matches(request, user))
            {
                return rule.Level == AuditLevel.None
                    ? null
                    : new AuditDecision(
                        rule.Level,
                        [.. _omittedStages, .. rule.OmittedStages],
                        rule.OmitsManagedFields ?? _omitsManagedFields);
            }
        }

        return null;
    }
}
