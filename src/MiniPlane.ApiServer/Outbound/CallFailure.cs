using System.Net.Sockets;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>Says why a call failed, in the words a Go client would use, since users search for those.</summary>
internal static class CallFailure
{
    /// <summary><c>Post "https://…": dial tcp: connect: connection refused</c>.</summary>
    public static string Text(string method, Uri url, Exception error) =>
        $"{method[..1].ToUpperInvariant()}{method[1..].ToLowerInvariant()} \"{url.OriginalString}\": {Cause(error)}";

    public static string Cause(Exception error)
    {
        for (Exception? one = error; one is not null; one = one.InnerException)
        {
            switch (one)
            {
                case OutboundException outbound:
                    return outbound.Message;
                case OperationCanceledException:
                    return "context deadline exceeded";
                case SocketException socket:
                    return Text(socket);
            }
        }

        return error is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } ? "EOF" : error.Message;
    }

    /// <summary>What a client makes of an answer that is no success and no Status (errors.NewGenericServerResponse).</summary>
    public static string ForStatusCode(int code, string body) => code switch
    {
        400 => "the server rejected our request for an unknown reason",
        401 => "the server has asked for the client to provide credentials",
        403 => body.Length > 0 ? body : "unknown",
        404 => "the server could not find the requested resource",
        405 => "the server does not allow this method on the requested resource",
        429 => "the server has received too many requests and has asked us to try again later",
        503 => "the server is currently unable to handle the request",
        504 => "the server was unable to return a response in the time allotted, but may still be processing the request",
        >= 500 => $"an error on the server ({Quote(body)}) has prevented the request from succeeding",
        _ => $"the server responded with the status code {code} but did not return more information",
    };

    private static string Text(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "dial tcp: connect: connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "dial tcp: lookup: no such host",
        SocketError.HostUnreachable => "dial tcp: connect: no route to host",
        SocketError.NetworkUnreachable => "dial tcp: connect: network is unreachable",
        SocketError.TimedOut => "dial tcp: i/o timeout",
        SocketError.ConnectionReset => "read tcp: connection reset by peer",
        _ => error.Message,
    };

    private static string Quote(string body) => body.Length == 0 ? "\"unknown\"" : $"\"{body.Trim()}\"";
}
