using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// Reads verb, group, version, namespace, resource, name and subresource from a request
/// (k8s.io/apiserver/pkg/endpoints/request.RequestInfoFactory), the deprecated <c>/watch/</c> paths included.
/// </summary>
internal static class RequestInfoParser
{
    public static RequestInfo Parse(HttpRequest request) =>
        Parse(request.Method, request.Path.Value ?? "/", request.QueryString.HasValue && IsWatch(request.Query));

    public static RequestInfo Parse(string method, string path, bool isWatch)
    {
        string[] parts = Split(path);
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

        string version = parts[at - 1];
        string verb = Verb(method);
        bool isLegacyWatch = parts[at] == "watch" && parts.Length > at + 1 && verb == "get";
        at += isLegacyWatch ? 1 : 0;
        string ns = "";
        if (parts[at] == "namespaces" && parts.Length > at + 1)
        {
            ns = parts[at + 1];
            at += parts.Length > at + 2 && parts[at + 2] is not ("status" or "finalize") ? 2 : 0;
        }

        string name = parts.Length > at + 1 ? parts[at + 1] : "";
        return new RequestInfo
        {
            IsResource = true,
            Path = path,
            Verb = isLegacyWatch ? "watch" : Verb(verb, name, isWatch),
            Group = group,
            Version = version,
            Namespace = ns,
            Resource = parts[at],
            Name = name,
            Subresource = parts.Length > at + 2 ? parts[at + 2] : "",
            Rest = parts.Length > at + 3 ? string.Join('/', parts, at + 3, parts.Length - at - 3) : "",
        };
    }

    private static string[] Split(ReadOnlySpan<char> path)
    {
        int count = 0;
        foreach (Range range in path.Split('/'))
        {
            count += path[range].IsEmpty ? 0 : 1;
        }

        string[] parts = new string[count];
        int at = 0;
        foreach (Range range in path.Split('/'))
        {
            if (!path[range].IsEmpty)
            {
                parts[at++] = PathWords.Of(path[range]);
            }
        }

        return parts;
    }

    // Without a name the collection is meant.
    private static string Verb(string verb, string name, bool isWatch) => name.Length > 0 ? verb : verb switch
    {
        "get" => isWatch ? "watch" : "list",
        "delete" => "deletecollection",
        _ => verb,
    };

    private static string Verb(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => method.ToLowerInvariant(),
    };

    private static bool IsWatch(IQueryCollection query) => query.IsTrue("watch");
}
