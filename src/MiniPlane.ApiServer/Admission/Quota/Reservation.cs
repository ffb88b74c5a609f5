using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Admission.Quota;

/// <summary>What an admitted request will use once it is stored. Until then it counts as if it were.</summary>
/// <param name="Collection">Where it will be stored.</param>
/// <param name="Key">Under which key.</param>
/// <param name="Uid">Tells it from another object under the same key.</param>
/// <param name="Used">How much it uses.</param>
/// <param name="Scopes">The scope texts of the quotas that it counts for.</param>
internal sealed record Reservation(
    string Collection, ObjectKey Key, string Uid, IReadOnlyDictionary<string, Quantity> Used, IReadOnlySet<string> Scopes);
