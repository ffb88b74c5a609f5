namespace MiniPlane.ApiServer.Bodies;

/// <summary>What the client wants to see of an object (<c>as=</c> in the Accept header).</summary>
internal enum AnswerShape
{
    /// <summary>The object itself.</summary>
    Whole,

    /// <summary>meta.k8s.io/v1 Table.</summary>
    Table,

    /// <summary>meta.k8s.io/v1 PartialObjectMetadata, or its list.</summary>
    Metadata,
}
