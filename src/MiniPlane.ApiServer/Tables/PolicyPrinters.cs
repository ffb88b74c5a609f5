using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of access rules, budgets, priorities and leases.</summary>
internal static class PolicyPrinters
{
    public static JsonArray DisruptionBudget(JsonObject budget, DateTimeOffset now) => Cell.Row(
        Cell.Name(budget),
        budget.Has("spec", "minAvailable") ? Cell.Scalar(budget.At("spec", "minAvailable")) : "N/A",
        budget.Has("spec", "maxUnavailable") ? Cell.Scalar(budget.At("spec", "maxUnavailable")) : "N/A",
        budget.Integer("status", "disruptionsAllowed") ?? 0,
        Cell.Age(budget, now));

    public static JsonArray RoleBinding(JsonObject binding, DateTimeOffset now)
    {
        string Subjects(string kind) => string.Join(", ", binding.Objects("subjects")
            .Where(subject => subject.Text("kind") == kind)
            .Select(subject => kind == "ServiceAccount"
                ? $"{subject.TextOrEmpty("namespace")}/{subject.TextOrEmpty("name")}"
                : subject.TextOrEmpty("name")));
        return Cell.Row(
            Cell.Name(binding),
            $"{binding.TextOrEmpty("roleRef", "kind")}/{binding.TextOrEmpty("roleRef", "name")}",
            Cell.Age(binding, now),
            Subjects("User"),
            Subjects("Group"),
            Subjects("ServiceAccount"));
    }

    public static JsonArray PriorityClass(JsonObject priorityClass, DateTimeOffset now) => Cell.Row(
        Cell.Name(priorityClass),
        priorityClass.Integer("value") ?? 0,
        priorityClass.Flag("globalDefault") == true,
        Cell.Age(priorityClass, now),
        priorityClass.Text("preemptionPolicy") ?? "PreemptLowerPriority");

    public static JsonArray Lease(JsonObject lease, DateTimeOffset now) =>
        Cell.Row(Cell.Name(lease), lease.TextOrEmpty("spec", "holderIdentity"), Cell.Age(lease, now));

    public static JsonArray RuntimeClass(JsonObject runtimeClass, DateTimeOffset now) =>
        Cell.Row(Cell.Name(runtimeClass), runtimeClass.TextOrEmpty("handler"), Cell.Age(runtimeClass, now));

    public static JsonArray ControllerRevision(JsonObject revision, DateTimeOffset now)
    {
        JsonObject? owner = revision.Objects("metadata", "ownerReferences").FirstOrDefault(item => item.Flag("controller") == true);
        string controller = Cell.None;
        if (owner is not null)
        {
            string apiVersion = owner.TextOrEmpty("apiVersion");
            int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
            string group = slash < 0 ? "" : "." + apiVersion[..slash];
            controller = $"{owner.TextOrEmpty("kind").ToLowerInvariant()}{group}/{owner.TextOrEmpty("name")}";
        }

        return Cell.Row(Cell.Name(revision), controller, revision.Integer("revision") ?? 0, Cell.Age(revision, now));
    }

    public static JsonArray SigningRequest(JsonObject request, DateTimeOffset now)
    {
        string duration = request.Integer("spec", "expirationSeconds") is { } seconds
            ? HumanDuration.Of(TimeSpan.FromSeconds(seconds))
            : Cell.None;
        return Cell.Row(
            Cell.Name(request),
            Cell.Age(request, now),
            Cell.OrNone(request.Text("spec", "signerName")),
            request.TextOrEmpty("spec", "username"),
            duration,
            SigningStatus(request));
    }

    private static string SigningStatus(JsonObject request)
    {
        string[] types = [.. request.Objects("status", "conditions").Select(condition => condition.TextOrEmpty("type"))];
        string decision = types.Contains("Denied", StringComparer.Ordinal) ? "Denied"
            : types.Contains("Approved", StringComparer.Ordinal) ? "Approved" : "Pending";
        string failure = types.Contains("Failed", StringComparer.Ordinal) ? ",Failed" : "";
        return decision + failure + (request.TextOrEmpty("status", "certificate").Length > 0 ? ",Issued" : "");
    }
}
