using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MiniPlane.Agent;

/// <summary>Plain lines on standard error: the job's output file. The console logger would bring a configuration system along, and LoggerFactory a container of services.</summary>
internal sealed class StandardErrorLogs(TimeProvider time) : ILoggerFactory
{
    // One line at a time. Not a FileStream: that writes at a position of its own, and the job's script writes to the same file.
#pragma warning disable RS0030 // The one place of the agent that writes to the console.
    private static readonly TextWriter Error =
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
#pragma warning restore RS0030

    public static Task WriteLineAsync(string line) => Error.WriteLineAsync(line);

    public ILogger CreateLogger(string categoryName) => new Lines(time);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The agent logs to one place.");

    public void Dispose()
    {
        // The stream is the process's own.
    }

    private sealed class Lines(TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
            Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {logLevel} {eventId.Id} {formatter(state, exception)}{cause}"));
        }
    }
}
