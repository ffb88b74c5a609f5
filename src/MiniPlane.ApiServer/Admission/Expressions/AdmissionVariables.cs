using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.Cel;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>Fills the variables of admission expressions from a request.</summary>
internal sealed class AdmissionVariables(IRevisionStore store, IAuthorizer authorizer)
{
    /// <param name="request">The request.</param>
    /// <param name="review">The request as an AdmissionReview shows it.</param>
    public Dictionary<string, object?> Of(AdmissionRequest request, JsonObject review) => new(StringComparer.Ordinal)
    {
        ["object"] = CelValue.FromJson(review["object"]),
        ["oldObject"] = CelValue.FromJson(review["oldObject"]),
        ["request"] = CelValue.FromJson(review, AdmissionTypes.RequestType),
        ["namespaceObject"] = CelValue.FromJson(Namespace(request)),
        ["authorizer"] = new AuthorizerValue(authorizer, request),
    };

    private JsonObject? Namespace(AdmissionRequest request) =>
        request.Kind.IsNamespaced && store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace))) is { } document
            ? document.ToJson()
            : null;
}
