using System.Text.Json.Serialization;

namespace MiniPlane.Workloads.Views;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = false)]
[JsonSerializable(typeof(PodView))]
internal sealed partial class WorkloadsJson : JsonSerializerContext;
