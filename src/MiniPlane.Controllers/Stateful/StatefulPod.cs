using System.Globalization;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Stateful;

/// <summary>A pod of a StatefulSet, as the set sees it.</summary>
internal sealed record StatefulPod(ObjectDocument Document)
{
    /// <summary>Names the revision (not only its hash) that the pod was made from.</summary>
    public const string RevisionLabel = "controller-revision-hash";
    public const string NameLabel = "statefulset.kubernetes.io/pod-name";
    public const string IndexLabel = "apps.kubernetes.io/pod-index";

    public string Name => Document.Metadata.Name;

    public int Ordinal { get; } = OrdinalOf(Document.Metadata.Name) ?? -1;

    public string Revision => Document.Metadata.Labels.GetValueOrDefault(RevisionLabel, "");

    public bool IsTerminating => Document.Metadata.IsBeingDeleted;

    public bool IsEnded => Document.AsPod().IsTerminal;

    public bool IsRunningAndReady => Document.AsPod() is { Status.Phase: "Running", IsReady: true };

    /// <summary>Ready and not about to go (upstream's isHealthy).</summary>
    public bool IsHealthy => IsRunningAndReady && !IsTerminating;

    public bool IsRunningAndAvailable(int minReadySeconds, DateTimeOffset now) =>
        Document.AsPod() is { Status.Phase: "Running" } pod && pod.IsAvailable(minReadySeconds, now);

    /// <summary>The name of a set's pod.</summary>
    public static string NameOf(string set, int ordinal) => $"{set}-{ordinal.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>True when the name is one that this set gives (upstream's isMemberOf).</summary>
    public static bool IsMember(string set, string pod) =>
        OrdinalOf(pod) is not null && pod.LastIndexOf('-') == set.Length && pod.StartsWith(set, StringComparison.Ordinal);

    private static int? OrdinalOf(string name)
    {
        int dash = name.LastIndexOf('-');
        return dash > 0 && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)
            ? ordinal
            : null;
    }
}
