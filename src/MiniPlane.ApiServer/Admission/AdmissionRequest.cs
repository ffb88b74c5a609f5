using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission;

/// <summary>
/// One intended change on its way through admission. A mutating plug-in changes <see cref="Object"/> in place;
/// <see cref="OldObject"/> is never changed.
/// </summary>
public sealed class AdmissionRequest
{
    private static readonly JsonObject NoOptions = [];

    public required KindDefinition Kind { get; init; }

    /// <summary>The kind in the version of the request, when that is not <see cref="Kind"/>, the one that is stored.</summary>
    public KindDefinition RequestKind { get => field ?? Kind; init; }

    /// <summary>The name is empty while it still has to be generated.</summary>
    public required ObjectKey Key { get; init; }

    public required AdmissionOperation Operation { get; init; }

    /// <summary><c>status</c>, <c>scale</c>, <c>binding</c>, …, or null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>The object as it would be stored; for a subresource of another kind its own body; null for a deletion.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The stored object; null for a creation.</summary>
    public JsonObject? OldObject { get => field ??= OldDocument?.ToJson(); init; }

    /// <summary>Where <see cref="OldObject"/> is read from once somebody asks for it, when it was not given.</summary>
    public ObjectDocument? OldDocument { private get; init; }

    public required UserInfo User { get; init; }

    public bool DryRun { get; init; }

    /// <summary>meta.v1 CreateOptions, UpdateOptions, PatchOptions or DeleteOptions.</summary>
    public JsonObject Options { get; init; } = NoOptions;

    /// <summary>Texts for the client's <c>Warning</c> headers.</summary>
    public required IList<string> Warnings { get; init; }

    /// <summary>What plug-ins tell the audit log, or null when nobody keeps one.</summary>
    public IDictionary<string, string>? AuditAnnotations { get; init; }

    /// <summary>Every plug-in has seen the object once and runs again because a webhook changed it.</summary>
    public bool IsReinvocation { get; set; }

    /// <summary>Set by a plug-in that changed the object after others had seen it: they run once more.</summary>
    public bool WantsReinvocation { get; set; }

    /// <summary>What a plug-in remembers from its first run to its second.</summary>
    public IDictionary<object, object> Memory => field ??= new Dictionary<object, object>();

    /// <summary>
    /// What a plug-in has to do when the request is through, whether it was stored or refused: give back a reservation.
    /// </summary>
    public Action? Finished { get; set; }

    /// <summary>Puts the content of another object in the place of <see cref="Object"/>'s, which stays the same instance.</summary>
    public void Replace(JsonObject content)
    {
        if (Object is not { } target)
        {
            return;
        }

        KeyValuePair<string, JsonNode?>[] fields = [.. content];
        content.Clear();
        target.Clear();
        foreach ((string name, JsonNode? value) in fields)
        {
            target[name] = value;
        }
    }
}
