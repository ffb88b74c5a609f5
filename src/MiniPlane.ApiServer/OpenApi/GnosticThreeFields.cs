using System.Collections.Frozen;
using Form = MiniPlane.ApiServer.OpenApi.GnosticThreeForm;
using Message = MiniPlane.ApiServer.OpenApi.GnosticThreeMessage;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// The fields of gnostic's openapi.v3 messages: JSON name, number, and how the value is written. What no Kubernetes server publishes
/// (links, callbacks, examples, servers) is not in the table.
/// </summary>
internal static class GnosticThreeFields
{
    private static readonly FrozenDictionary<Message, FrozenDictionary<string, GnosticThreeField>> Fields = new Dictionary<Message, GnosticThreeField[]>
    {
        [Message.Document] =
            [new("openapi", 1), new("info", 2, Form.Message, Message.Info), new("paths", 4, Form.Map, Message.PathItem), new("components", 5, Form.Message, Message.Components)],
        [Message.Info] = [new("title", 1), new("description", 2), new("termsOfService", 3), new("version", 6)],
        [Message.PathItem] =
        [
            new("$ref", 1), new("summary", 2), new("description", 3), new("get", 4, Form.Message, Message.Operation),
            new("put", 5, Form.Message, Message.Operation), new("post", 6, Form.Message, Message.Operation),
            new("delete", 7, Form.Message, Message.Operation), new("options", 8, Form.Message, Message.Operation),
            new("head", 9, Form.Message, Message.Operation), new("patch", 10, Form.Message, Message.Operation),
            new("trace", 11, Form.Message, Message.Operation), new("parameters", 13, Form.OrReference, Message.Parameter),
        ],
        [Message.Operation] =
        [
            new("tags", 1), new("summary", 2), new("description", 3), new("operationId", 5),
            new("parameters", 6, Form.OrReference, Message.Parameter), new("requestBody", 7, Form.OrReference, Message.RequestBody),
            new("responses", 8, Form.Responses, Message.Response), new("deprecated", 10),
        ],
        [Message.Parameter] =
        [
            new("name", 1), new("in", 2), new("description", 3), new("required", 4), new("deprecated", 5), new("allowEmptyValue", 6),
            new("style", 7), new("explode", 8), new("allowReserved", 9), new("schema", 10, Form.OrReference, Message.Schema),
            new("content", 13, Form.Map, Message.MediaType),
        ],
        [Message.RequestBody] = [new("description", 1), new("content", 2, Form.Map, Message.MediaType), new("required", 3)],
        [Message.MediaType] = [new("schema", 1, Form.OrReference, Message.Schema), new("example", 2, Form.Any)],
        [Message.Response] = [new("description", 1), new("content", 3, Form.Map, Message.MediaType)],
        [Message.Components] =
        [
            new("schemas", 1, Form.MapOrReference, Message.Schema), new("responses", 2, Form.MapOrReference, Message.Response),
            new("parameters", 3, Form.MapOrReference, Message.Parameter), new("requestBodies", 5, Form.MapOrReference, Message.RequestBody),
            new("securitySchemes", 7, Form.MapOrReference, Message.SecurityScheme),
        ],
        [Message.SecurityScheme] =
            [new("type", 1), new("description", 2), new("name", 3), new("in", 4), new("scheme", 5), new("bearerFormat", 6), new("openIdConnectUrl", 8)],
        [Message.Schema] =
        [
            new("nullable", 1), new("readOnly", 3), new("writeOnly", 4), new("example", 7, Form.Any), new("deprecated", 8), new("title", 9),
            new("multipleOf", 10, Form.Double), new("maximum", 11, Form.Double), new("exclusiveMaximum", 12), new("minimum", 13, Form.Double),
            new("exclusiveMinimum", 14), new("maxLength", 15), new("minLength", 16), new("pattern", 17), new("maxItems", 18), new("minItems", 19),
            new("uniqueItems", 20), new("maxProperties", 21), new("minProperties", 22), new("required", 23), new("enum", 24, Form.Any),
            new("type", 25), new("allOf", 26, Form.OrReference, Message.Schema), new("oneOf", 27, Form.OrReference, Message.Schema),
            new("anyOf", 28, Form.OrReference, Message.Schema), new("not", 29, Form.Message, Message.Schema), new("items", 30, Form.Items, Message.Schema),
            new("properties", 31, Form.MapOrReference, Message.Schema), new("additionalProperties", 32, Form.AdditionalProperties, Message.Schema),
            new("default", 33, Form.Default), new("description", 34), new("format", 35),
        ],
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal));

    private static readonly FrozenDictionary<Message, int> Extensions = new Dictionary<Message, int>
    {
        [Message.Document] = 9,
        [Message.Info] = 7,
        [Message.PathItem] = 14,
        [Message.Operation] = 13,
        [Message.Parameter] = 14,
        [Message.RequestBody] = 4,
        [Message.MediaType] = 5,
        [Message.Response] = 5,
        [Message.Components] = 10,
        [Message.SecurityScheme] = 9,
        [Message.Schema] = 36,
    }.ToFrozenDictionary();

    public static GnosticThreeField? Find(Message message, string name) => Fields[message].GetValueOrDefault(name);

    /// <summary>Where a message keeps what begins with <c>x-</c>.</summary>
    public static int Extension(Message message) => Extensions[message];
}
