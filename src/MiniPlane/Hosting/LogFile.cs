using System.Globalization;
using Microsoft.Extensions.Logging;
using MiniPlane.Operations;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace MiniPlane.Hosting;

/// <summary>The log: <c>logs/miniplane.log</c> in the data directory, bounded in size; errors also on standard error.</summary>
internal static class LogFile
{
    private const long LargestFile = 10 * 1024 * 1024;
    private const int FilesKept = 5;

    private const string Line = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public const string Pattern = "miniplane*.log";

    public static string Directory(string dataDirectory) => Path.Combine(dataDirectory, "logs");

    public static ILoggingBuilder AddLogFile(this ILoggingBuilder logging, UpOptions options)
    {
        System.IO.Directory.CreateDirectory(Directory(options.DataDirectory), PrivateFile.Mode | UnixFileMode.UserExecute);
        Logger logger = new LoggerConfiguration()
            .MinimumLevel.Is(options.LogLevel)
            .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
            .WriteTo.File(
                options.LogsJson ? new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture) : new MessageTemplateTextFormatter(Line, CultureInfo.InvariantCulture),
                Path.Combine(Directory(options.DataDirectory), "miniplane.log"),
                fileSizeLimitBytes: LargestFile,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesKept,
                hooks: new PrivateLogFiles())
            .WriteTo.Console(
                Serilog.Events.LogEventLevel.Error,
                outputTemplate: "{Level:u3} {Message:lj}{NewLine}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose)
            .CreateLogger();
        return logging.AddLogger(logger);
    }

    /// <summary>Everything goes to <paramref name="logger"/>, and the host makes nothing for its own log of requests.</summary>
    internal static ILoggingBuilder AddLogger(this ILoggingBuilder logging, Logger logger)
    {
        // With its logger on, the host makes an Activity and a scope for each request, whether or not anybody looks at them; what
        // goes wrong with a request is logged by the API server and by Kestrel. The filter names the provider, as Serilog's own does:
        // one without a provider would not count beside it.
        return logging.ClearProviders()
            .AddSerilog(logger, dispose: true)
            .SetMinimumLevel(LogLevel.Debug)
            .AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
