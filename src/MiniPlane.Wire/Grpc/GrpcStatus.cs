using System.Globalization;
using System.Text;

namespace MiniPlane.Wire.Grpc;

/// <summary>How a call ended: the trailers grpc-status and grpc-message.</summary>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Message)
{
    internal const string CodeHeader = "grpc-status";
    internal const string MessageHeader = "grpc-message";

    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok, "");

    public bool IsOk => Code == GrpcStatusCode.Ok;

    /// <summary>The status that a reply without gRPC trailers stands for (grpc/doc/http-grpc-status-mapping.md).</summary>
    public static GrpcStatus FromHttp(int httpStatus)
    {
        GrpcStatusCode code = httpStatus switch
        {
            400 => GrpcStatusCode.Internal,
            401 => GrpcStatusCode.Unauthenticated,
            403 => GrpcStatusCode.PermissionDenied,
            404 => GrpcStatusCode.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Unknown,
        };
        return new GrpcStatus(code, string.Create(CultureInfo.InvariantCulture, $"the server answered HTTP {httpStatus}"));
    }

    public override string ToString() => Message.Length == 0 ? Code.ToString() : $"{Code}: {Message}";

    internal static GrpcStatus Parse(string code, string? message) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Enum.IsDefined((GrpcStatusCode)number)
            ? new GrpcStatus((GrpcStatusCode)number, Uri.UnescapeDataString(message ?? ""))
            : new GrpcStatus(GrpcStatusCode.Unknown, "the server sent an unknown status");

    internal string CodeText => ((int)Code).ToString(CultureInfo.InvariantCulture);

    /// <summary>The message as the trailer carries it: printable ASCII, the rest as %XX of its UTF-8 bytes.</summary>
    internal string EncodedMessage
    {
        get
        {
            StringBuilder text = new(Message.Length);
            foreach (byte value in Encoding.UTF8.GetBytes(Message))
            {
                bool plain = value is >= 0x20 and <= 0x7e and not (byte)'%';
                _ = plain ? text.Append((char)value) : text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }

            return text.ToString();
        }
    }
}
