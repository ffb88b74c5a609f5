using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Which tolerations say more than others (pkg/util/tolerations).</summary>
internal static class TolerationSets
{
    /// <summary>Whoever has <paramref name="wide"/> has <paramref name="narrow"/> as well.</summary>
    public static bool Covers(JsonObject wide, JsonObject narrow)
    {
        if (AreSame(wide, narrow))
        {
            return true;
        }

        string key = wide.TextOrEmpty("key");
        bool isForAll = wide.Text("operator") == "Exists";
        if (narrow.TextOrEmpty("key") != key && !(key.Length == 0 && isForAll))
        {
            return false;
        }

        string effect = wide.TextOrEmpty("effect");
        if (effect.Length > 0 && narrow.TextOrEmpty("effect") != effect)
        {
            return false;
        }

        if (effect == "NoExecute" && wide.Integer("tolerationSeconds") is { } most && !(narrow.Integer("tolerationSeconds") <= most))
        {
            return false;
        }

        return isForAll || (Operator(wide) == "Equal" && Operator(narrow) == "Equal" && narrow.TextOrEmpty("value") == wide.TextOrEmpty("value"));
    }

    /// <summary>Both lists without what another one of them covers; of equal ones the first stays.</summary>
    public static List<JsonObject> Merge(IEnumerable<JsonObject> first, IEnumerable<JsonObject> second)
    {
        JsonObject[] all = [.. first, .. second];
        var merged = new List<JsonObject>(all.Length);
        for (int at = 0; at < all.Length; at++)
        {
            JsonObject one = all[at];
            if (!merged.Exists(kept => Covers(kept, one)) && !all.Skip(at + 1).Any(later => !AreSame(later, one) && Covers(later, one)))
            {
                merged.Add(one);
            }
        }

        return merged;
    }

    private static bool AreSame(JsonObject left, JsonObject right) =>
        left.TextOrEmpty("key") == right.TextOrEmpty("key")
        && left.TextOrEmpty("effect") == right.TextOrEmpty("effect")
        && left.TextOrEmpty("value") == right.TextOrEmpty("value")
        && Operator(left) == Operator(right)
        && left.Integer("tolerationSeconds") == right.Integer("tolerationSeconds");

    private static string Operator(JsonObject toleration) => toleration.TextOrEmpty("operator") is { Length: > 0 } given ? given : "Equal";
}
