using System.Runtime.InteropServices;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>The agreed form of the answer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerFormat(AnswerShape Shape, AnswerEncoding Encoding)
{
    public static readonly AnswerFormat Json = new(AnswerShape.Whole, AnswerEncoding.Json);

    public bool IsYaml => Encoding == AnswerEncoding.Yaml;

    public bool IsProtobuf => Encoding == AnswerEncoding.Protobuf;

    public string ContentType => Encoding switch
    {
        AnswerEncoding.Yaml => "application/yaml",
        AnswerEncoding.Protobuf => ProtobufDecoder.MediaType,
        _ => "application/json",
    };
}
