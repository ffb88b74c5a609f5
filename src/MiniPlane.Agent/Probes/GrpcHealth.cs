using System.Globalization;
using MiniPlane.Agent.Views;
using MiniPlane.Wire.Grpc;
using MiniPlane.Wire.Health;

namespace MiniPlane.Agent.Probes;

/// <summary>A gRPC probe: grpc.health.v1.Health/Check, without TLS as kubelet does.</summary>
internal static class GrpcHealth
{
    private static readonly SocketsHttpHandler Handler = new() { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero };

    public static async ValueTask<ProbeResult> CheckAsync(GrpcActionView action, string podIp, CancellationToken cancellationToken)
    {
        string authority = podIp.Contains(':', StringComparison.Ordinal) ? $"[{podIp}]" : podIp;
        using GrpcClient client = new(
            Handler, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{authority}:{action.Port}")), bearerToken: null);
        try
        {
            HealthCheckResponse response = await client.UnaryAsync(
                "/grpc.health.v1.Health/Check",
                new HealthCheckRequest { Service = action.Service ?? "" },
                HealthCheckResponse.Parser,
                cancellationToken);
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? ProbeResult.Success
                : ProbeResult.Failure($"service unhealthy (responded with \"{response.Status}\")");
        }
        catch (GrpcException exception)
        {
            return ProbeResult.Failure($"timeout: failed to connect service {authority}:{action.Port}: {exception.Message}");
        }
    }
}
