using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Admission;

/// <summary>Admission of requests that open a way into an object: exec, attach, port-forward and proxy are CONNECT operations.</summary>
internal sealed class StreamAdmission(AdmissionChain admission)
{
    /// <summary>Asks the plug-ins when the request is for such a subresource.</summary>
    public async ValueTask AdmitAsync(ApiRequest request)
    {
        if (request.Subresource is not { Name: "exec" or "attach" or "portforward" or "proxy" } subresource)
        {
            return;
        }

        var connect = new AdmissionRequest
        {
            Kind = request.Kind,
            Key = request.Key,
            Operation = AdmissionOperation.Connect,
            Subresource = subresource.Name,
            Object = Options(request, subresource.Name),
            User = request.User,
            Warnings = request.Warnings,
        };
        await admission.AdmitAsync(connect, request.Cancelled);
        await admission.ValidateAsync(connect, request.Cancelled);
    }

    private static JsonObject Options(ApiRequest request, string subresource)
    {
        IQueryCollection query = request.Http.Request.Query;
        var options = new JsonObject { ["apiVersion"] = "v1" };
        switch (subresource)
        {
            case "exec" or "attach":
                options["kind"] = subresource == "exec" ? "PodExecOptions" : "PodAttachOptions";
                foreach (string flag in (ReadOnlySpan<string>)["stdin", "stdout", "stderr", "tty"])
                {
                    if (query.IsTrue(flag))
                    {
                        options[flag] = true;
                    }
                }

                Text(options, "container", query["container"].ToString());
                if (subresource == "exec")
                {
                    options["command"] = new JsonArray([.. query["command"].Select(word => JsonValue.Create(word))]);
                }

                break;
            case "portforward":
                options["kind"] = "PodPortForwardOptions";
                IEnumerable<int> ports = query["ports"].SelectMany(text => (text ?? "").Split(','))
                    .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0)
                    .Where(port => port > 0);
                options["ports"] = new JsonArray([.. ports.Select(port => JsonValue.Create(port))]);
                break;
            default:
                options["kind"] = $"{request.Kind.Kind}ProxyOptions";
                Text(options, "path", request.Info.Rest.Length > 0 ? "/" + request.Info.Rest : "");
                break;
        }

        return options;
    }

    private static void Text(JsonObject options, string name, string value)
    {
        if (value.Length > 0)
        {
            options[name] = value;
        }
    }
}
