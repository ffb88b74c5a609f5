using System.Text.Json.Serialization;

namespace MiniPlane.Controllers.Views;

/// <summary>Source-generated readers of the typed views. They only read; writes are patches, so unknown fields are never lost.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(ReplicaSet))]
[JsonSerializable(typeof(ReplicationController))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(DaemonSet))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(CronJob))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(PersistentVolume))]
[JsonSerializable(typeof(PersistentVolumeClaim))]
[JsonSerializable(typeof(StorageClass))]
[JsonSerializable(typeof(PodDisruptionBudget))]
[JsonSerializable(typeof(HorizontalPodAutoscaler))]
internal sealed partial class ViewContext : JsonSerializerContext;
