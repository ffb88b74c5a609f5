using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>The flow schemas in order of precedence with their levels, at one state of the objects.</summary>
internal sealed class FlowPlan
{
    private readonly object _schemas;
    private readonly object _levels;
    private readonly FlowRule[] _rules;
    private readonly Dictionary<string, (PriorityLevel Level, long Revision, int Seats)> _byName;

    private FlowPlan(
        object schemas, object levels, FlowRule[] rules, Dictionary<string, (PriorityLevel Level, long Revision, int Seats)> byName)
    {
        _schemas = schemas;
        _levels = levels;
        _rules = rules;
        _byName = byName;
        Levels = [.. byName.Values.Select(one => one.Level)];
        _ = new SeatMarket(Levels);
    }

    public IReadOnlyCollection<PriorityLevel> Levels { get; }

    /// <summary>Levels whose object did not change go on with their seats and queues.</summary>
    public static FlowPlan Make(CollectionSnapshot schemas, CollectionSnapshot levels, int totalSeats, FlowPlan? before)
    {
        ObjectDocument[] documents = [.. levels.Range(null, null)];
        long shares = documents.Sum(document => PriorityLevel.Shares(document.ToJson().Object("spec")));
        var byName = new Dictionary<string, (PriorityLevel Level, long Revision, int Seats)>(StringComparer.Ordinal);
        foreach (ObjectDocument document in documents)
        {
            var made = PriorityLevel.From(document, shares, totalSeats);
            bool isSame = before is not null
                && before._byName.TryGetValue(document.Metadata.Name, out (PriorityLevel Level, long Revision, int Seats) known)
                && known.Revision == document.Revision && known.Seats == made.Seats;
            byName[document.Metadata.Name] = isSame && before is not null
                ? before._byName[document.Metadata.Name]
                : (made, document.Revision, made.Seats);
        }

        FlowRule[] rules =
        [
            .. schemas.Range(null, null).Select(FlowRule.From)
                .OrderBy(rule => rule.Precedence)
                .ThenBy(rule => rule.Name, StringComparer.Ordinal),
        ];
        return new FlowPlan(schemas.Content, levels.Content, rules, byName);
    }

    public bool IsOf(CollectionSnapshot schemas, CollectionSnapshot levels) =>
        ReferenceEquals(schemas.Content, _schemas) && ReferenceEquals(levels.Content, _levels);

    public (FlowRule? Rule, PriorityLevel? Level) Find(RequestInfo request, UserInfo user)
    {
        foreach (FlowRule rule in _rules)
        {
            if (rule.Matches(request, user) && _byName.TryGetValue(rule.Level, out (PriorityLevel Level, long Revision, int Seats) found))
            {
                return (rule, found.Level);
            }
        }

        return (null, null);
    }
}
