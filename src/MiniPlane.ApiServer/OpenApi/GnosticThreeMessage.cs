namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The messages of gnostic's openapi.v3 that <see cref="GnosticThreeFields"/> knows.</summary>
internal enum GnosticThreeMessage
{
    None,
    Document,
    Info,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Response,
    Components,
    Schema,
    SecurityScheme,
}
