using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Tests.Discovery;

/// <summary>A custom kind for tests.</summary>
internal static class Widgets
{
    public static KindDefinition Make(string version)
    {
        var spec = new TypeDefinition($"example.org.{version}.Widget.spec", TypeForm.Object, "What is wanted.");
        spec.Add(new FieldDefinition { Name = "size", Type = BuiltInCatalogue.Instance.FindType("int32")! });
        var type = new TypeDefinition($"example.org.{version}.Widget", TypeForm.Object, "A widget.");
        type.Add(new FieldDefinition { Name = "metadata", Type = BuiltInCatalogue.Instance.FindType("meta.v1.ObjectMeta")! });
        type.Add(new FieldDefinition { Name = "spec", Type = spec });
        return new KindDefinition
        {
            Group = "example.org",
            Version = version,
            Kind = "Widget",
            Plural = "widgets",
            Singular = "widget",
            IsNamespaced = true,
            Verbs = BuiltInKinds.ConfigMap.Verbs,
            Type = type,
        };
    }
}
