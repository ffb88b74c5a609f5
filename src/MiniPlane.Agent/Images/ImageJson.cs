using System.Text.Json.Serialization;

namespace MiniPlane.Agent.Images;

[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(DockerConfig))]
[JsonSerializable(typeof(Dictionary<string, DockerAuth>))]
[JsonSerializable(typeof(RegistryToken))]
internal sealed partial class ImageJson : JsonSerializerContext;
