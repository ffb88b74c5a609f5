namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The messages of gnostic's openapi.v2 that <see cref="GnosticFields"/> knows.</summary>
internal enum GnosticMessage
{
    Document,
    Info,
    Paths,
    PathItem,
    Operation,
    BodyParameter,
    QueryParameter,
    PathParameter,
    Responses,
    Response,
    Definitions,
    Properties,
    Schema,
}
