using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>All policies of one sort with their bindings, read again when one of them changes.</summary>
internal sealed class PolicySet(IRevisionStore store, string policies, string bindings)
{
    private readonly CollectionView<Dictionary<string, Policy>> _policies = new(store, policies, ReadPolicies);
    private readonly CollectionView<PolicyBinding[]> _bindings = new(store, bindings, ReadBindings);

    /// <summary>Pairs of policies and bindings, by the policies' names and then the bindings'.</summary>
    public IEnumerable<(Policy Policy, PolicyBinding Binding)> Current()
    {
        Dictionary<string, Policy> known = _policies.Current;
        return known.Count == 0 ? [] : Pairs(known, _bindings.Current);
    }

    private static IEnumerable<(Policy Policy, PolicyBinding Binding)> Pairs(Dictionary<string, Policy> policies, PolicyBinding[] bindings)
    {
        foreach (PolicyBinding binding in bindings)
        {
            if (policies.TryGetValue(binding.PolicyName, out Policy? policy))
            {
                yield return (policy, binding);
            }
        }
    }

    private static Dictionary<string, Policy> ReadPolicies(CollectionSnapshot snapshot)
    {
        Dictionary<string, Policy> policies = new(StringComparer.Ordinal);
        foreach (ObjectDocument document in snapshot.Range(null, null))
        {
            policies[document.Metadata.Name] = Policy.Read(document);
        }

        return policies;
    }

    private static PolicyBinding[] ReadBindings(CollectionSnapshot snapshot) =>
    [
        .. snapshot.Range(null, null).Select(PolicyBinding.Read)
            .OrderBy(binding => binding.PolicyName, StringComparer.Ordinal)
            .ThenBy(binding => binding.Name, StringComparer.Ordinal),
    ];
}
