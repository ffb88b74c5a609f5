using System.Text.Json.Serialization;

namespace MiniPlane.Agent.Views;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PodView))]
[JsonSerializable(typeof(DataObjectView))]
[JsonSerializable(typeof(ClaimView))]
[JsonSerializable(typeof(PersistentVolumeView))]
internal sealed partial class PodJson : JsonSerializerContext;
