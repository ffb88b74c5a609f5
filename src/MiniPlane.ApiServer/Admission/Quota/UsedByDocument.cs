using System.Runtime.CompilerServices;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;

namespace MiniPlane.ApiServer.Admission.Quota;

/// <summary>What stored objects use, worked out once per object and kept as long as the object is.</summary>
internal sealed class UsedByDocument(TimeProvider time)
{
    private readonly ConditionalWeakTable<ObjectDocument, Facts> _known = [];

    public IReadOnlyDictionary<string, Quantity> Of(KindDefinition kind, ObjectDocument document)
    {
        // What is going away stops to count at some time, so it is looked at anew.
        if (document.Metadata.IsBeingDeleted)
        {
            return QuotaUsage.Of(kind, document.ToJson(), time.GetUtcNow());
        }

        return FactsOf(document).Used ??= QuotaUsage.Of(kind, document.ToJson(), time.GetUtcNow());
    }

    public bool IsInScope(QuotaLimits quota, string resource, ObjectDocument document)
    {
        if (!quota.IsScoped)
        {
            return true;
        }

        Facts facts = FactsOf(document);
        lock (facts)
        {
            if (!facts.Scopes.TryGetValue(quota.ScopeText, out bool isIn))
            {
                isIn = QuotaScopes.Match(quota.Spec, resource, document.ToJson());
                facts.Scopes[quota.ScopeText] = isIn;
            }

            return isIn;
        }
    }

    private Facts FactsOf(ObjectDocument document) => _known.GetValue(document, static _ => new Facts());

    private sealed class Facts
    {
        public IReadOnlyDictionary<string, Quantity>? Used { get; set; }

        public Dictionary<string, bool> Scopes { get; } = new(StringComparer.Ordinal);
    }
}
