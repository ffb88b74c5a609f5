using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Discovery;

namespace MiniPlane.ApiServer.Requests;

/// <summary><c>/version</c>: the Kubernetes version whose API is served (version.Info).</summary>
internal sealed class VersionEndpoint : INonResourceEndpoint
{
    private static readonly string Own =
        typeof(VersionEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public bool Matches(string path) => path is "/version" or "/version/";

    public Task HandleAsync(HttpContext context)
    {
        DocumentWriter.RequireGet(context);
        string own = Own.Split('+')[0];
        var body = new JsonObject
        {
            ["major"] = "1",
            ["minor"] = "36",
            ["emulationMajor"] = "1",
            ["emulationMinor"] = "36",
            ["minCompatibilityMajor"] = "1",
            ["minCompatibilityMinor"] = "35",
            ["gitVersion"] = $"v1.36.0+miniplane.{own}",
            ["gitCommit"] = Own.Contains('+', StringComparison.Ordinal) ? Own.Split('+')[1] : "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = RuntimeInformation.FrameworkDescription,
            ["platform"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux/arm64" : "linux/amd64",
        };
        return StatusWriter.WriteRawAsync(context, body);
    }
}
