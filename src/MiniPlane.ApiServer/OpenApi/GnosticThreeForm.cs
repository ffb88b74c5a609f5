namespace MiniPlane.ApiServer.OpenApi;

/// <summary>How a field of gnostic's openapi.v3 is written.</summary>
internal enum GnosticThreeForm
{
    /// <summary>As the JSON value is: text, flag, number; a list of texts as a repeated field.</summary>
    Plain,
    Double,

    /// <summary>A message with the field <c>yaml</c> (2).</summary>
    Any,
    Message,

    /// <summary>A message of its own (1), or a reference (2).</summary>
    OrReference,

    /// <summary>A message of names (1) with messages.</summary>
    Map,

    /// <summary>A message of names (1) with messages or references.</summary>
    MapOrReference,

    /// <summary>As the map, but <c>default</c> is 1 and the others are 2.</summary>
    Responses,

    /// <summary>A message of repeated schemas (1).</summary>
    Items,

    /// <summary>A schema (1) or a flag (2).</summary>
    AdditionalProperties,

    /// <summary>A number (1), a flag (2) or a text (3); anything else the message cannot say.</summary>
    Default,
}
