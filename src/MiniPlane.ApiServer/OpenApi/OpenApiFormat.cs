namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The two published forms of the schema.</summary>
internal enum OpenApiFormat
{
    /// <summary>Swagger 2.0: one document for everything.</summary>
    V2,

    /// <summary>OpenAPI 3.0: one document per group and version.</summary>
    V3,
}
