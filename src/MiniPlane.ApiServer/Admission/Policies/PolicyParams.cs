using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>Finds the objects that a binding gives a policy as parameters (k8s.io/apiserver/pkg/admission/plugin/policy/generic, CollectParams).</summary>
internal sealed class PolicyParams(StoreAccess access)
{
    /// <summary>
    /// One entry for each run of the policy; a null stands for a policy without parameters. Empty when nothing is found and the binding
    /// says that this is no matter.
    /// </summary>
    /// <exception cref="PolicyException">The parameters cannot be found.</exception>
    public IReadOnlyList<JsonObject?> Find(Policy policy, PolicyBinding binding, AdmissionRequest request)
    {
        if (policy.Params is not { } paramKind)
        {
            return [null];
        }

        if (binding.ParamRef is not { } reference)
        {
            // A policy that knows parameters may be bound without: its expressions see null.
            return [null];
        }

        KindDefinition kind = access.Catalogue.FindKind(paramKind.ApiVersion, paramKind.Kind)
            ?? throw new PolicyException($"failed to find resource referenced by paramKind: '{paramKind}'");
        string ns = Namespace(kind, reference, request);
        JsonObject[] found = [.. Objects(kind, reference, ns)];
        if (found.Length > 0)
        {
            return found;
        }

        return reference.Text("parameterNotFoundAction") == "Deny"
            ? throw new PolicyException("no params found for policy binding with `Deny` parameterNotFoundAction")
            : [];
    }

    private static string Namespace(KindDefinition kind, JsonObject reference, AdmissionRequest request)
    {
        string given = reference.TextOrEmpty("namespace");
        if (!kind.IsNamespaced)
        {
            return given.Length == 0 ? "" : throw new PolicyException("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        }

        if (given.Length > 0)
        {
            return given;
        }

        string own = request.Kind is { Group: "", Kind: "Namespace" } ? "" : request.Key.Namespace;
        return own.Length > 0 ? own : throw new PolicyException("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }

    private IEnumerable<JsonObject> Objects(KindDefinition kind, JsonObject reference, string ns)
    {
        if (reference.TextOrEmpty("name") is { Length: > 0 } name)
        {
            return access.Find(kind, new ObjectKey(ns, name)) is { } document ? [document.ToJson()] : [];
        }

        LabelSelector selector = LabelSelectorParser.FromJson(reference["selector"] ?? new JsonObject());
        CollectionSnapshot snapshot = access.Store.Read(kind.Collection);
        return snapshot.Range(kind.IsNamespaced ? ns : null, null)
            .Where(document => selector.Matches(document.Metadata.Labels))
            .Select(document => access.ToVersion(document, kind).ToJson());
    }
}
