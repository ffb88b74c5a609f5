using System.Runtime.InteropServices;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>The agreed form of the answer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerFormat(AnswerShape Shape, AnswerEncoding Encoding)
{
    public static readonly AnswerFormat Json = new(AnswerShape.Whole, AnswerEncoding.Json);

    /// <summary>Old clients know Tables and PartialObjectMetadata as <c>meta.k8s.io/v1beta1</c>; nothing differs but the name.</summary>
    public bool IsBeta { get; init; }

    public string MetaVersion => IsBeta ? "meta.k8s.io/v1beta1" : "meta.k8s.io/v1";

    public bool IsYaml => Encoding == AnswerEncoding.Yaml;

    public bool IsProtobuf => Encoding == AnswerEncoding.Protobuf;

    public string ContentType => Encoding switch
    {
        AnswerEncoding.Yaml => "application/yaml",
        AnswerEncoding.Protobuf => ProtobufDecoder.MediaType,
        _ => "application/json",
    };
}
