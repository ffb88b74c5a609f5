using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>The scale subresource of custom kinds, by the paths of their definition (<c>.spec.replicas</c>).</summary>
internal static class CustomScale
{
    public static (long? Replicas, long? Current, string Selector) Read(ScalePaths paths, JsonObject obj)
    {
        long replicas = obj.Integer(Names(paths.SpecReplicas))
            ?? throw ApiErrors.Internal($"the spec replicas field \"{paths.SpecReplicas}\" does not exist");
        string selector = paths.Selector.Length == 0 ? "" : obj.TextOrEmpty(Names(paths.Selector));
        return (replicas, obj.Integer(Names(paths.StatusReplicas)), selector);
    }

    public static void Write(ScalePaths paths, JsonObject obj, long replicas)
    {
        string[] names = Names(paths.SpecReplicas);
        obj.Ensure(names.AsSpan(0, names.Length - 1))[names[^1]] = replicas;
    }

    private static string[] Names(string path) => path.TrimStart('.').Split('.');
}
