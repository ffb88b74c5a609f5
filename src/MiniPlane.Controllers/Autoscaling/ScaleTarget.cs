using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>The thing that is scaled, as its scale subresource shows it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its name.</param>
/// <param name="Replicas">How many pods it is to have (<c>spec.replicas</c>).</param>
/// <param name="Existing">How many it has (<c>status.replicas</c>).</param>
/// <param name="Selector">The pods it counts; null when its scale does not tell.</param>
internal sealed record ScaleTarget(KindDefinition Kind, ObjectKey Key, int Replicas, int Existing, LabelSelector? Selector);
