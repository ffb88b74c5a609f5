using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// The id by which a request is found again: in the answer's header <c>Audit-Id</c>, in the audit log and in the server's own log. A
/// client may choose it (kube-apiserver's WithAuditInit does the same).
/// </summary>
internal static class RequestId
{
    public const string Header = "Audit-Id";

    private const int Longest = 64;

    /// <summary>Gives the request its id and tells the client.</summary>
    public static void Assign(HttpContext context)
    {
        string asked = context.Request.Headers[Header].ToString();
        bool isUsable = asked.Length is > 0 and <= Longest && asked.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        context.Response.Headers[Header] = isUsable ? asked : Guid.NewGuid().ToString();
    }

    public static string Of(HttpContext context) => context.Response.Headers[Header].ToString();
}
