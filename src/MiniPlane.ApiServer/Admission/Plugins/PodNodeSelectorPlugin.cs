using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Pods get the node selector of their namespace's annotation, and may not contradict it (plugin/pkg/admission/podnodeselector, without
/// the configuration file that has a default for the cluster and a list for each namespace).
/// </summary>
internal sealed class PodNodeSelectorPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string Annotation = "scheduler.alpha.kubernetes.io/node-selector";

    public string Name => "PodNodeSelector";

    public bool IsOnByDefault => false;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach ((string key, string value) in Agreed(request))
        {
            request.Wanted().Ensure("spec").Ensure("nodeSelector")[key] = value;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        _ = Agreed(request);
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, string> Agreed(AdmissionRequest request)
    {
        if (!request.Creates("", "Pod"))
        {
            return [];
        }

        Dictionary<string, string> wanted = OfNamespace(request);
        return wanted.Any(pair => request.Object.Text("spec", "nodeSelector", pair.Key) is { } given && given != pair.Value)
            ? throw request.Forbidden("pod node label selector conflicts with its namespace node label selector")
            : wanted;
    }

    // env=test,region=west
    private Dictionary<string, string> OfNamespace(AdmissionRequest request)
    {
        var selector = new Dictionary<string, string>(StringComparer.Ordinal);
        string text = store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace)))?.ToJson()
            .TextOrEmpty("metadata", "annotations", Annotation) ?? "";
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] halves = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (halves.Length != 2)
            {
                throw request.Forbidden($"invalid selector: [{pair}]");
            }

            selector[halves[0]] = halves[1];
        }

        return selector;
    }
}
