namespace MiniPlane.Controllers.Namespaces;

/// <summary>What is left in a namespace that is being deleted, and what could not be deleted.</summary>
internal sealed class NamespaceContent
{
    private readonly SortedDictionary<string, int> _remaining = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _finalizers = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];

    public bool IsEmpty => _remaining.Count == 0 && _failures.Count == 0;

    public bool HasFinalizers => _finalizers.Count > 0;

    public bool HasFailures => _failures.Count > 0;

    public bool HasRemaining => _remaining.Count > 0;

    /// <summary>Texts of the conditions, worded as upstream does because people and tools look for them.</summary>
    public string RemainingMessage => "Some resources are remaining: "
        + string.Join(", ", _remaining.Select(entry => $"{entry.Key} has {entry.Value} resource instances"));

    public string FinalizersMessage => "Some content in the namespace has finalizers remaining: "
        + string.Join(", ", _finalizers.Select(entry => $"{entry.Key} in {entry.Value} resource instances"));

    public string FailuresMessage => "Failed to delete all resource types, " + $"{_failures.Count} remaining: "
        + string.Join(", ", _failures.Order(StringComparer.Ordinal));

    public void AddRemaining(string resource, IEnumerable<string> finalizers)
    {
        _remaining[resource] = _remaining.GetValueOrDefault(resource) + 1;
        foreach (string finalizer in finalizers)
        {
            _finalizers[finalizer] = _finalizers.GetValueOrDefault(finalizer) + 1;
        }
    }

    public void AddFailure(string message) => _failures.Add(message);
}
