using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Turns a pod's priority class into its priority number, and keeps the default class unique.</summary>
internal sealed class PriorityPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string DefaultPreemption = "PreemptLowerPriority";

    // The classes that upstream creates at its start; they hold even where nobody made the objects.
    private static readonly Dictionary<string, long> SystemClasses = new(StringComparer.Ordinal)
    {
        ["system-cluster-critical"] = 2_000_000_000,
        ["system-node-critical"] = 2_000_001_000,
    };

    public string Name => "Priority";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("", "Pod"))
        {
            Resolve(request, request.Wanted().Ensure("spec"));
        }
        else if (request.Writes("", "Pod"))
        {
            JsonObject spec = request.Wanted().Ensure("spec");
            foreach (string name in (ReadOnlySpan<string>)["priority", "preemptionPolicy"])
            {
                spec.SetCopy(name, spec[name] ?? request.OldObject.At("spec", name));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Writes("scheduling.k8s.io", "PriorityClass") && request.Object.Flag("globalDefault") == true
            && Default() is { } other && other.Name != request.Object.Text("metadata", "name"))
        {
            throw request.Forbidden($"PriorityClass {other.Name} is already marked as default. Only one default can exist");
        }

        return ValueTask.CompletedTask;
    }

    private void Resolve(AdmissionRequest request, JsonObject spec)
    {
        string name = spec.TextOrEmpty("priorityClassName");
        (string Name, long Value, string Preemption)? found = name.Length == 0 ? Default() : Find(name);
        if (name.Length > 0 && found is null)
        {
            throw request.Forbidden($"no PriorityClass with name {name} was found");
        }

        (string className, long priority, string preemption) = found ?? ("", 0, DefaultPreemption);
        if (spec.Integer("priority") is { } given && given != priority)
        {
            throw Wrong(request, "the integer value of priority", Text(given), Text(priority));
        }

        if (spec.Text("preemptionPolicy") is { Length: > 0 } policy && policy != preemption)
        {
            throw Wrong(request, "the string value of PreemptionPolicy", policy, preemption);
        }

        if (className.Length > 0)
        {
            spec["priorityClassName"] = className;
        }

        spec["priority"] = priority;
        spec["preemptionPolicy"] = preemption;
    }

    private static ApiException Wrong(AdmissionRequest request, string what, string given, string computed) => request.Forbidden(
        $"{what} ({given}) must not be provided in pod spec; priority admission controller computed {computed} from the given "
        + "PriorityClass name");

    private (string Name, long Value, string Preemption)? Find(string name)
    {
        if (store.Find(new StoreKey(BuiltInKinds.PriorityClass.Collection, ObjectKey.Cluster(name))) is { } document)
        {
            return Read(document);
        }

        return SystemClasses.TryGetValue(name, out long value) ? (name, value, DefaultPreemption) : null;
    }

    private (string Name, long Value, string Preemption)? Default()
    {
        (string Name, long Value, string Preemption)? lowest = null;
        foreach (ObjectDocument document in store.Read(BuiltInKinds.PriorityClass.Collection).Range(null, null))
        {
            if (document.ToJson().Flag("globalDefault") == true && Read(document) is var candidate
                && (lowest is null || candidate.Value < lowest.Value.Value))
            {
                lowest = candidate;
            }
        }

        return lowest;
    }

    private static (string Name, long Value, string Preemption) Read(ObjectDocument document)
    {
        JsonObject json = document.ToJson();
        return (document.Metadata.Name, json.Integer("value") ?? 0, json.Text("preemptionPolicy") ?? DefaultPreemption);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
