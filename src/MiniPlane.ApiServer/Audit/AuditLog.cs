using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Audit;

/// <summary>
/// Writes what the audit policy wants to a file, one JSON event a line, and starts a new file when it grows too long. A full queue
/// makes requests wait: what is audited is not dropped.
/// </summary>
internal sealed class AuditLog : BackgroundLoop
{
    private const int QueueLength = 4096;

    private static readonly UserInfo Nobody = new() { Name = "" };

    private readonly AuditPolicy _policy;
    private readonly AuditOptions? _options;
    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public AuditLog(ApiServerOptions options, ILogger<AuditLog> logger, TimeProvider time)
        : base(logger, time)
    {
        _options = options.Audit;
        _policy = options.Audit is { } audit ? AuditPolicy.Read(audit.PolicyFile) : AuditPolicy.Nothing;
    }

    public bool IsOn => _options is not null;

    /// <summary>The entry of a request that is audited, or null.</summary>
    public static AuditEntry? Of(HttpContext context) => context.Features.Get<AuditEntry>();

    /// <summary>Begins an entry when the policy wants one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="info">What it asks for.</param>
    /// <param name="user">Who sent it; the policy goes by him.</param>
    public async ValueTask BeginAsync(HttpContext context, RequestInfo info, UserInfo user)
    {
        if (_policy.Of(info, user) is not { } decision)
        {
            return;
        }

        DateTimeOffset now = Time.GetUtcNow();
        var entry = new AuditEntry(context, info, user, decision, now);
        context.Features.Set(entry);
        bool isStream = info.Verb == "watch" || info.Subresource is "log" or "exec" or "attach" or "portforward" or "proxy";
        if (decision.Level == AuditLevel.RequestResponse && info.IsResource && !isStream)
        {
            entry.Response = new TeeStream(context.Response.Body);
            context.Response.Body = entry.Response;
        }

        if (isStream && decision.Keeps(AuditEntry.Started))
        {
            // What lasts tells when it begins to answer: its end may be hours away.
            context.Response.OnStarting(() => WriteAsync(entry, AuditEntry.Started).AsTask());
        }

        if (decision.Keeps(AuditEntry.Received))
        {
            await _lines.Writer.WriteAsync(entry.ToLine(AuditEntry.Received, now), context.RequestAborted);
        }
    }

    /// <summary>
    /// A request from nobody that this server knows: one event, with the answer (k8s.io/apiserver/pkg/endpoints/filters, authn_audit).
    /// </summary>
    public void Refuse(HttpContext context, RequestInfo info)
    {
        if (_policy.Of(info, Nobody) is not { } decision || !decision.Keeps(AuditEntry.Started))
        {
            return;
        }

        var entry = new AuditEntry(context, info, Nobody, decision, Time.GetUtcNow()) { Message = Attempted(context.Request) };
        context.Response.OnStarting(() => WriteAsync(entry, AuditEntry.Started).AsTask());
    }

    /// <summary>Ends the entry with the answer's code.</summary>
    public async ValueTask EndAsync(HttpContext context)
    {
        if (Of(context) is not { } entry)
        {
            return;
        }

        if (entry.Response is not null)
        {
            // What the answer still holds back goes past the entry, and to the client: the server flushes only what is its own.
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }

        if (entry.Decision.Keeps(AuditEntry.Complete))
        {
            await WriteAsync(entry, AuditEntry.Complete);
        }
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_options is not { } options)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
            return;
        }

        while (await _lines.Reader.WaitToReadAsync(cancellationToken))
        {
            Rotate(options);
            await using FileStream file = Open(options.LogFile);
            while (file.Length < options.MaxBytes && _lines.Reader.TryRead(out byte[]? line))
            {
                await file.WriteAsync(line, cancellationToken);
            }
        }
    }

    private static string Attempted(HttpRequest request)
    {
        string[] words = request.Headers.Authorization.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isKnown = words is [var scheme, _, ..]
            && (scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("basic", StringComparison.OrdinalIgnoreCase));
        string[] methods =
        [
            .. isKnown ? [words[0].ToLowerInvariant()] : Array.Empty<string>(),
            .. request.HttpContext.Connection.ClientCertificate is null ? Array.Empty<string>() : ["x509"],
        ];
        return methods.Length > 0
            ? $"Authentication failed, attempted: {string.Join(", ", methods)}"
            : "Authentication failed, no credentials provided";
    }

    private ValueTask WriteAsync(AuditEntry entry, string stage) =>
        _lines.Writer.WriteAsync(entry.ToLine(stage, Time.GetUtcNow()), CancellationToken.None);

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private void Rotate(AuditOptions options)
    {
        var file = new FileInfo(options.LogFile);
        if (!file.Exists || file.Length < options.MaxBytes)
        {
            return;
        }

        string stem = Path.GetFileNameWithoutExtension(file.Name);
        string stamp = Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH-mm-ss.fff", CultureInfo.InvariantCulture);
        File.Move(file.FullName, Path.Combine(file.DirectoryName ?? ".", $"{stem}-{stamp}{file.Extension}"), overwrite: true);
        string[] old = [.. Directory.GetFiles(file.DirectoryName ?? ".", $"{stem}-*{file.Extension}").OrderDescending(StringComparer.Ordinal)];
        foreach (string gone in old.Skip(options.MaxBackups))
        {
            File.Delete(gone);
        }
    }
}
