using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>
/// Decides whether a webhook is called for a request: rules, other versions of the same resource, the namespace's labels, the
/// object's labels (k8s.io/apiserver/pkg/admission/plugin/webhook/generic.Webhook.ShouldCallHook).
/// </summary>
internal sealed class WebhookMatcher(IRevisionStore store, IKindCatalogue catalogue)
{
    private const string OwnGroup = "admissionregistration.k8s.io";

    /// <summary>Webhooks and policies are never called for their own kinds, so that a bad one can be repaired.</summary>
    public static bool IsExempt(AdmissionRequest request) => request.Kind.Group == OwnGroup;

    /// <summary>How to call it, or null when it is not concerned.</summary>
    public WebhookInvocation? Match(Webhook webhook, AdmissionRequest request) =>
        MatchedKind(webhook.Rules, webhook.MatchesEquivalents, request) is { } kind
        && MatchesNamespace(webhook.Namespaces, request)
        && MatchesObject(webhook.Objects, request)
            ? new WebhookInvocation(webhook, kind)
            : null;

    /// <summary>The version of the request's kind that the rules name, or null.</summary>
    public KindDefinition? MatchedKind(IReadOnlyList<WebhookRule> rules, bool withEquivalents, AdmissionRequest request)
    {
        string operation = AdmissionReviewWriter.Operation(request);
        if (Any(rules, request.RequestKind, request.Subresource, operation))
        {
            return request.RequestKind;
        }

        if (!withEquivalents)
        {
            return null;
        }

        foreach (KindDefinition other in catalogue.Kinds)
        {
            if (other.Plural == request.Kind.Plural && other.Collection == request.Kind.Collection
                && (request.Subresource is null || other.HasSubresource(request.Subresource))
                && Any(rules, other, request.Subresource, operation))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Of a namespace itself its own labels count; what belongs to no namespace always matches.</summary>
    public bool MatchesNamespace(LabelSelector selector, AdmissionRequest request)
    {
        if (selector.IsEmpty)
        {
            return true;
        }

        if (request.Kind.IsNamespace())
        {
            // A new namespace is not stored yet, and one that goes away is what it was.
            return request.Subresource is not null || selector.Matches((request.Object ?? request.OldObject).TextMap("metadata", "labels"));
        }

        if (!request.Kind.IsNamespaced)
        {
            return true;
        }

        ObjectDocument ns = store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace)))
            ?? throw ApiErrors.NotFound("", "namespaces", request.Key.Namespace);
        return selector.Matches(ns.Metadata.Labels);
    }

    /// <summary>The old or the new object has the labels.</summary>
    public static bool MatchesObject(LabelSelector selector, AdmissionRequest request) =>
        selector.IsEmpty
        || (request.Object is { } obj && selector.Matches(obj.TextMap("metadata", "labels")))
        || (request.OldObject is { } old && selector.Matches(old.TextMap("metadata", "labels")));

    private static bool Any(IReadOnlyList<WebhookRule> rules, KindDefinition kind, string? subresource, string operation)
    {
        var resource = MatchedResource.Of(kind, subresource);
        foreach (WebhookRule rule in rules)
        {
            if (rule.Matches(resource, operation))
            {
                return true;
            }
        }

        return false;
    }
}
