using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>A FlowSchema: which requests belong to which priority level, and how they are told apart there.</summary>
internal sealed record FlowRule
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long Precedence { get; init; }

    public required string Level { get; init; }

    /// <summary><c>ByUser</c>, <c>ByNamespace</c> or empty for one flow.</summary>
    public required string Distinguisher { get; init; }

    public required Clause[] Clauses { get; init; }

    /// <summary>Where its requests that got their seats are counted, once there was one.</summary>
    public StrongBox<long>? Dispatched { get; set; }

    public static FlowRule From(ObjectDocument document)
    {
        JsonObject? spec = document.ToJson().Object("spec");
        return new FlowRule
        {
            Name = document.Metadata.Name,
            Uid = document.Metadata.Uid,
            Precedence = spec.Integer("matchingPrecedence") ?? 1000,
            Level = spec.TextOrEmpty("priorityLevelConfiguration", "name"),
            Distinguisher = spec.TextOrEmpty("distinguisherMethod", "type"),
            Clauses = [.. spec.Objects("rules").Select(Clause.From)],
        };
    }

    public bool Matches(RequestInfo request, UserInfo user)
    {
        foreach (Clause clause in Clauses)
        {
            if (clause.Matches(request, user))
            {
                return true;
            }
        }

        return false;
    }

    public string Flow(RequestInfo request, UserInfo user) => Distinguisher switch
    {
        "ByUser" => user.Name,
        "ByNamespace" => request.Namespace,
        _ => "",
    };

    /// <summary>flowcontrol.v1.PolicyRulesWithSubjects.</summary>
    internal sealed record Clause(
        FlowSubject[] Subjects,
        ResourceClause[] Resources,
        (string[] Verbs, string[] Urls)[] Paths)
    {
        public static Clause From(JsonObject rule) => new(
            [.. rule.Objects("subjects").Select(FlowSubject.From)],
            [.. rule.Objects("resourceRules").Select(ResourceClause.From)],
            [
                .. rule.Objects("nonResourceRules").Select(one => (one.Texts("verbs").ToArray(), one.Texts("nonResourceURLs").ToArray())),
            ]);

        public bool Matches(RequestInfo request, UserInfo user) =>
            MatchesSubject(user) && (request.IsResource ? MatchesResource(request) : MatchesPath(request));

        private bool MatchesSubject(UserInfo user)
        {
            foreach (FlowSubject subject in Subjects)
            {
                if (subject.Is(user))
                {
                    return true;
                }
            }

            return false;
        }

        private bool MatchesResource(RequestInfo request)
        {
            foreach (ResourceClause clause in Resources)
            {
                if (clause.Matches(request))
                {
                    return true;
                }
            }

            return false;
        }

        private bool MatchesPath(RequestInfo request)
        {
            foreach ((string[] verbs, string[] urls) in Paths)
            {
                if (ResourceClause.Has(verbs, request.Verb) && urls.Any(url => url == "*" || url == request.Path
                    || (url.EndsWith("/*", StringComparison.Ordinal) && request.Path.StartsWith(url[..^1], StringComparison.Ordinal))))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
