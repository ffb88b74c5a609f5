using System.Text.Json.Serialization;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>Generated readers of the RBAC views.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RoleView))]
[JsonSerializable(typeof(BindingView))]
internal sealed partial class RbacJson : JsonSerializerContext;
