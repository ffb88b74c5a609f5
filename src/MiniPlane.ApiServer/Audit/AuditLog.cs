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

    private static readonly object EntryKey = new();

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
    public static AuditEntry? Of(HttpContext context) =>
        context.Items.TryGetValue(EntryKey, out object? entry) ? entry as AuditEntry : null;

    /// <summary>Begins an entry when the policy wants one.</summary>
    public async ValueTask BeginAsync(HttpContext context, RequestInfo info, UserInfo user)
    {
        (AuditLevel level, bool omitsReceived, _) = _policy.Of(info, user);
        if (level == AuditLevel.None)
        {
            return;
        }

        DateTimeOffset now = Time.GetUtcNow();
        var entry = new AuditEntry(context, info, user, level, now);
        context.Items[EntryKey] = entry;
        bool isStream = info.Verb == "watch" || info.Subresource is "log" or "exec" or "attach" or "portforward" or "proxy";
        if (level == AuditLevel.RequestResponse && info.IsResource && !isStream)
        {
            entry.Response = new TeeStream(context.Response.Body);
            context.Response.Body = entry.Response;
        }

        if (!omitsReceived)
        {
            await _lines.Writer.WriteAsync(entry.ToLine("RequestReceived", now), context.RequestAborted);
        }
    }

    /// <summary>Ends the entry with the answer's code.</summary>
    public async ValueTask EndAsync(HttpContext context)
    {
        if (Of(context) is { } entry)
        {
            await _lines.Writer.WriteAsync(entry.ToLine("ResponseComplete", Time.GetUtcNow()), CancellationToken.None);
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
