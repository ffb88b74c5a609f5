using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>
/// What the server itself decides about objects of one kind before they are validated and stored (upstream's rest strategies).
/// Pure and harmless to repeat; runs after defaulting and mutating admission.
/// </summary>
public interface IKindStrategy
{
    /// <summary>False: an update must carry the <c>resourceVersion</c> that it is based on.</summary>
    bool AllowsUnconditionalUpdate { get; }

    /// <summary>
    /// Sets the first status and whatever only the server may say. <c>metadata.uid</c>, <c>name</c> and <c>creationTimestamp</c> are
    /// already set.
    /// </summary>
    void PrepareForCreate(JsonObject obj);

    /// <summary>Carries over or derives what an update may not change or may leave out. The status is not this rule's business.</summary>
    void PrepareForUpdate(JsonObject obj, JsonObject old);
}
