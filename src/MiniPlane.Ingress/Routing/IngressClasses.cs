using MiniPlane.Ingress.Following;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Ingress.Routing;

/// <summary>Which Ingresses are ours: those of a class whose controller we are.</summary>
internal static class IngressClasses
{
    public const string Controller = "miniplane.io/ingress";
    public const string BuiltIn = "miniplane";

    private const string OldAnnotation = "kubernetes.io/ingress.class";

    public static bool IsOurs(ClusterView view, ObjectDocument ingress)
    {
        string name = ingress.ToJson().Text("spec", "ingressClassName")
            ?? ingress.Metadata.Annotations.GetValueOrDefault(OldAnnotation, "");
        return name.Length > 0
            && view.Classes.Find(ObjectKey.Cluster(name))?.ToJson().Text("spec", "controller") == Controller;
    }
}
