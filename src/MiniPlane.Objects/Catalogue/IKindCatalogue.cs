namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// All kinds that are served now. Built-in kinds never change; custom kinds come and go, so readers take a fresh answer
/// each time and may keep a <see cref="KindDefinition"/> (immutable) for the length of one request.
/// </summary>
public interface IKindCatalogue
{
    /// <summary>All kinds, built-in ones first, in discovery order.</summary>
    IReadOnlyCollection<KindDefinition> Kinds { get; }

    /// <summary>Finds the kind behind a REST path, or null. <paramref name="group"/> is empty for core.</summary>
    KindDefinition? FindResource(string group, string version, string plural);

    /// <summary>Finds the kind that an object's <c>apiVersion</c> and <c>kind</c> name, or null.</summary>
    KindDefinition? FindKind(string apiVersion, string kind);

    /// <summary>Finds a type by its shortened name (<c>core.v1.PodSpec</c>), or null.</summary>
    TypeDefinition? FindType(string name);
}
