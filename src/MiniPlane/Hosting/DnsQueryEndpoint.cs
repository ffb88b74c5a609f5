using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Dns;
using MiniPlane.Objects.Errors;
using MiniPlane.Wire.CoreDns;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Hosting;

/// <summary>
/// <c>coredns.dns.DnsService/Query</c>, for the grpc plugin of a CoreDNS in front of the cluster: the one that runs beside this
/// server, or the site's. Who may ask is decided as for any path (nonResourceURLs).
/// </summary>
internal sealed class DnsQueryEndpoint(IDnsAnswers answers) : INonResourceEndpoint
{
    private static readonly GrpcLimits Limits = new() { MaxMessageBytes = 128 * 1024 };

    public bool Matches(string path) => path == "/coredns.dns.DnsService/Query";

    public Task HandleAsync(HttpContext context) => HttpMethods.IsPost(context.Request.Method)
        ? GrpcServer.UnaryAsync<DnsPacket, DnsPacket>(context, DnsPacket.Parser, Limits, AnswerAsync, context.RequestAborted)
        : throw ApiErrors.MethodNotAllowed();

    private async ValueTask<DnsPacket> AnswerAsync(DnsPacket question, CancellationToken cancellationToken) =>
        await answers.AnswerAsync(question.Msg.Memory, cancellationToken) is { } answer
            ? new DnsPacket { Msg = UnsafeByteOperations.UnsafeWrap(answer) }
            : throw new GrpcException(GrpcStatusCode.InvalidArgument, "this is no DNS question");
}
