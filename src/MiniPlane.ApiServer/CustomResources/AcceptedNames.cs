using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// Decides which of a definition's names it may have: those that no other definition of its group has been given
/// (apiextensions-apiserver/pkg/controller/status, NamingConditionController).
/// </summary>
internal static class AcceptedNames
{
    /// <summary>Sets <c>status.acceptedNames</c> and the conditions NamesAccepted and Established.</summary>
    public static void Decide(JsonObject definition, IEnumerable<JsonObject> others, DateTimeOffset now)
    {
        string group = definition.TextOrEmpty("spec", "group");
        HashSet<string> resources = new(StringComparer.Ordinal);
        HashSet<string> kinds = new(StringComparer.Ordinal);
        foreach (JsonObject other in others.Where(other => other.Text("spec", "group") == group))
        {
            JsonObject taken = other.Object("status", "acceptedNames") ?? [];
            resources.UnionWith([taken.TextOrEmpty("plural"), taken.TextOrEmpty("singular"), .. taken.Texts("shortNames")]);
            kinds.UnionWith([taken.TextOrEmpty("kind"), taken.TextOrEmpty("listKind")]);
        }

        resources.Remove("");
        kinds.Remove("");
        (string Reason, string Message)? conflict = Take(definition, resources, kinds);
        DefinitionConditions.Set(
            definition,
            DefinitionConditions.NamesAccepted,
            conflict is null,
            conflict?.Reason ?? "NoConflicts",
            conflict?.Message ?? "no conflicts found",
            now);
        if (conflict is null)
        {
            DefinitionConditions.Set(
                definition, DefinitionConditions.Established, true, "InitialNamesAccepted", "the initial names have been accepted", now);
        }
        else if (!DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
        {
            DefinitionConditions.Set(
                definition, DefinitionConditions.Established, false, "NotAccepted", "not all names are accepted", now);
        }
    }

    private static (string Reason, string Message)? Take(JsonObject definition, HashSet<string> resources, HashSet<string> kinds)
    {
        JsonObject wanted = definition.Object("spec", "names") ?? [];
        JsonObject accepted = definition.Ensure("status", "acceptedNames");
        (string Reason, string Message)? conflict = null;
        foreach ((string field, string reason) in (ReadOnlySpan<(string, string)>)
            [("plural", "PluralConflict"), ("singular", "SingularConflict"), ("shortNames", "ShortNamesConflict"), ("kind", "KindConflict"), ("listKind", "ListKindConflict")])
        {
            HashSet<string> taken = field is "kind" or "listKind" ? kinds : resources;
            string[] names = field == "shortNames" ? [.. wanted.Texts(field)] : [wanted.TextOrEmpty(field)];
            string[] had = field == "shortNames" ? [.. accepted.Texts(field)] : [accepted.TextOrEmpty(field)];
            string? clash = Array.Find(names, name => !had.Contains(name, StringComparer.Ordinal) && taken.Contains(name));
            if (clash is not null)
            {
                conflict ??= (reason, $"\"{clash}\" is already in use");
            }
            else
            {
                accepted.SetCopy(field, wanted[field]);
            }
        }

        accepted.SetCopy("categories", wanted["categories"]);
        return conflict;
    }
}
