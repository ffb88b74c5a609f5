using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>What sort of request it is, as the metrics tell them apart.</summary>
internal readonly record struct RequestSort(
    string Group, string Version, string Resource, string Verb, string Subresource, string Scope, bool IsLasting)
{
    /// <summary>A path that is no resource, or one of a kind that nobody serves.</summary>
    public static readonly RequestSort Other = new("", "", "", "GET", "", "", false);

    public static RequestSort Of(KindDefinition kind, RequestInfo info, string? subresource, string? contentType)
    {
        bool isConnect = subresource is "exec" or "attach" or "portforward" or "proxy" or "log";
        string verb = info.Verb switch
        {
            _ when isConnect && subresource != "log" => "CONNECT",
            "get" => "GET",
            "list" => "LIST",
            "watch" => "WATCH",
            "create" => "POST",
            "update" => "PUT",
            "patch" => contentType?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true ? "APPLY" : "PATCH",
            "delete" => "DELETE",
            "deletecollection" => "DELETECOLLECTION",
            _ => "OTHER",
        };
        string scope = info.Name.Length > 0 || info.Verb == "create" ? "resource" : info.Namespace.Length > 0 ? "namespace" : "cluster";
        return new RequestSort(
            kind.Group, kind.Version, kind.Plural, verb, subresource ?? "", scope, isConnect || info.Verb == "watch");
    }
}
