using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// Reads verb, group, version, namespace, resource, name and subresource from a request
/// (k8s.io/apiserver/pkg/endpoints/request.RequestInfoFactory), the deprecated <c>/watch/</c> paths included.
/// </summary>
internal static class RequestInfoParser
{
    public static RequestInfo Parse(HttpRequest request) =>
        Parse(request.Method, request.Path.Value ?? "/", IsWatch(request.Query));

    public static RequestInfo Parse(string method, string path, bool isWatch)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int at;
        string group = "";
        if (parts.Length >= 3 && parts[0] == "api")
        {
            at = 2;
        }
        else if (parts.Length >= 4 && parts[0] == "apis")
        {
            group = parts[1];
            at = 3;
        }
        else
        {
            return new RequestInfo { Path = path, Verb = method.ToLowerInvariant() };
        }

        var info = new RequestInfo
        {
            IsResource = true,
            Path = path,
            Verb = Verb(method),
            Group = group,
            Version = parts[at - 1],
        };
        bool isLegacyWatch = parts[at] == "watch" && parts.Length > at + 1 && info.Verb == "get";
        info = ReadResource(info, parts.AsSpan(isLegacyWatch ? at + 1 : at));
        return Finish(info, isWatch, isLegacyWatch);
    }

    private static RequestInfo ReadResource(RequestInfo info, ReadOnlySpan<string> parts)
    {
        if (parts[0] == "namespaces" && parts.Length > 1)
        {
            info = info with { Namespace = parts[1] };
            if (parts.Length > 2 && parts[2] is not ("status" or "finalize"))
            {
                parts = parts[2..];
            }
        }

        return info with
        {
            Resource = parts[0],
            Name = parts.Length > 1 ? parts[1] : "",
            Subresource = parts.Length > 2 ? parts[2] : "",
            Rest = parts.Length > 3 ? string.Join('/', parts[3..].ToArray()) : "",
        };
    }

    private static RequestInfo Finish(RequestInfo info, bool isWatch, bool isLegacyWatch)
    {
        if (isLegacyWatch)
        {
            return info with { Verb = "watch" };
        }

        return (info.Verb, info.Name.Length) switch
        {
            ("get", 0) => info with { Verb = isWatch ? "watch" : "list" },
            ("delete", 0) => info with { Verb = "deletecollection" },
            _ => info,
        };
    }

    private static string Verb(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => method.ToLowerInvariant(),
    };

    private static bool IsWatch(IQueryCollection query) =>
        query.TryGetValue("watch", out Microsoft.Extensions.Primitives.StringValues values)
        && values.ToString() is "1" or "true" or "True" or "TRUE" or "t" or "T" or "";
}
