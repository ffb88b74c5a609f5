using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>Who am I? (<c>kubectl auth whoami</c>)</summary>
internal sealed class SelfSubjectReviews(TimeProvider time) : IVirtualKind
{
    public bool Handles(KindDefinition kind) => kind is { Group: "authentication.k8s.io", Kind: "SelfSubjectReview" };

    public ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        body.Ensure("metadata")["creationTimestamp"] = Timestamps.Text(time.GetUtcNow());
        body["status"] = new JsonObject { ["userInfo"] = UserJson.Of(scope.User) };
        return ValueTask.FromResult(body);
    }
}
