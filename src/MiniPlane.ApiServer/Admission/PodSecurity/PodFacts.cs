using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>A pod as the rules look at it: its spec and all of its containers, with the words for naming them.</summary>
internal sealed class PodFacts(SecurityLevel level, JsonNode? metadata, JsonNode? spec)
{
    public SecurityLevel Level => level;

    public JsonNode? Spec => spec;

    public JsonObject[] Containers { get; } =
    [
        .. spec.Objects("initContainers"), .. spec.Objects("containers"), .. spec.Objects("ephemeralContainers"),
    ];

    public IReadOnlyDictionary<string, string> Annotations => metadata.TextMap("annotations");

    public bool IsWindows => spec.Text("os", "name") == "windows";

    /// <summary>A pod in a user namespace is root only there, so root is not forbidden.</summary>
    public bool HasOwnUsers => spec.Flag("hostUsers") == false;

    public string[] ContainersWhere(Func<JsonObject, bool> isBad) =>
        [.. Containers.Where(isBad).Select(container => container.TextOrEmpty("name"))];

    public static string Name(string one, IReadOnlyCollection<string> names) => $"{Plural(one, names.Count)} {Quote(names)}";

    public static string Plural(string one, int count) => count == 1 ? one : one + "s";

    public static string Quote(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"\"{text}\""));

    /// <summary>Those who set a field wrongly: the pod itself, containers, or both.</summary>
    public static string Setters(bool isPod, string[] containers) => (isPod, containers.Length) switch
    {
        (true, 0) => "pod",
        (true, _) => $"pod and {Name("container", containers)}",
        _ => Name("container", containers),
    };
}
