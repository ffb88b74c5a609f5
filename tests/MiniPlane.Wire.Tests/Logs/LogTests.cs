using System.Text;
using MiniPlane.Testing;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Wire.Tests.Logs;

public sealed class LogTests : IDisposable
{
    private readonly string _pod = Directory.CreateTempSubdirectory("miniplane-log").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_pod, recursive: true);

    [Fact]
    public async Task Lines_are_written_in_the_format_that_container_runtimes_give_a_kubelet()
    {
        await using (LogWriter writer = NewWriter())
        {
            await WriteAsync(writer, "one\ntwo");
            await writer.WriteAsync(LogStream.Stderr, "bad\n"u8.ToArray(), CancellationToken.None);
            await WriteAsync(writer, " and more\nno end");
        }

        string time = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffff", null) + "00Z";
        string[] lines = await File.ReadAllLinesAsync(LogFiles.First(_pod, "main", 0));
        Assert.Equal(
            [$"{time} stdout F one", $"{time} stderr F bad", $"{time} stdout F two and more", $"{time} stdout F no end"], lines);
    }

    [Fact]
    public async Task A_line_over_the_limit_is_cut_in_the_file_and_whole_for_the_reader()
    {
        string text = new string('x', 40) + "\n" + new string('y', 10) + "\n";
        await using (LogWriter writer = NewWriter(new LogLimits { MaxLineBytes = 10 }))
        {
            await WriteAsync(writer, text);
        }

        string file = await File.ReadAllTextAsync(LogFiles.First(_pod, "main", 0));
        Assert.Equal(3, file.Split(" stdout P ").Length - 1);
        Assert.Equal(text, await ReadAsync(new LogSelection()));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "line 2999\n")]
    [InlineData(3, "line 2997\nline 2998\nline 2999\n")]
    public async Task The_tail_is_counted_from_the_end(long lines, string expected)
    {
        await WriteNumberedAsync(3000, new LogLimits());

        Assert.Equal(expected, await ReadAsync(new LogSelection { TailLines = lines }));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(3500L, true)]
    public async Task A_reader_that_was_cut_off_anywhere_goes_on_with_the_next_byte(long? tail, bool timestamps)
    {
        // Long lines are cut in parts, and the log is in several files.
        LogLimits limits = new() { MaxLineBytes = 16, MaxFileBytes = 150_000 };
        await using (LogWriter writer = NewWriter(limits))
        {
            for (int i = 0; i < 5000; i++)
            {
                await WriteAsync(writer, $"line {i} {new string('x', i % 50)}\n");
            }
        }

        LogSelection selection = new() { TailLines = tail, Timestamps = timestamps };
        string whole = await ReadAsync(selection);
        List<(string Text, LogPlace Next)> pieces = [];
        await foreach ((ReadOnlyMemory<byte> chunk, LogPlace next) in LogReader.ReadPlacesAsync(
            _pod, "main", 0, selection, hasEnded: null, _time, CancellationToken.None))
        {
            pieces.Add((Encoding.UTF8.GetString(chunk.Span), next));
        }

        Assert.True(pieces.Count > 2, "it comes in pieces");
        for (int i = 0; i < pieces.Count; i++)
        {
            string before = string.Concat(pieces.Take(i + 1).Select(piece => piece.Text));
            Assert.Equal(whole, before + await ReadAsync(selection with { TailLines = null, From = pieces[i].Next }));
        }
    }

    [Fact]
    public async Task A_large_log_goes_on_in_further_files_and_the_oldest_are_dropped()
    {
        LogLimits limits = new() { MaxFileBytes = 1000, MaxFiles = 3 };

        await WriteNumberedAsync(500, limits);

        string text = await ReadAsync(new LogSelection());
        Assert.EndsWith("line 498\nline 499\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("line 1\n", text, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(LogFiles.Directory(_pod, "main")).Length);
        Assert.Equal(text, await ReadAsync(new LogSelection { TailLines = 10_000 }));
        string last30 = string.Concat(Enumerable.Range(470, 30).Select(i => $"line {i}\n"));
        Assert.Equal(last30, await ReadAsync(new LogSelection { TailLines = 30 }));
    }

    [Fact]
    public async Task Lines_before_the_given_time_are_left_out()
    {
        await using LogWriter writer = NewWriter();
        await WriteAsync(writer, "early\n");
        _time.Advance(TimeSpan.FromSeconds(10));
        DateTimeOffset since = _time.GetUtcNow();
        await WriteAsync(writer, "late\n");

        Assert.Equal("late\n", await ReadAsync(new LogSelection { Since = since }));
    }

    [Fact]
    public async Task Times_are_shown_once_a_line_when_asked_for()
    {
        await using (LogWriter writer = NewWriter(new LogLimits { MaxLineBytes = 4 }))
        {
            await WriteAsync(writer, "abcdefgh\n");
        }

        string text = await ReadAsync(new LogSelection { Timestamps = true });

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z abcdefgh\n$", text);
    }

    [Fact]
    public async Task The_answer_is_cut_at_the_byte_limit()
    {
        await WriteNumberedAsync(10, new LogLimits());

        Assert.Equal("line 0\nline 1\nli", await ReadAsync(new LogSelection { LimitBytes = 16 }));
    }

    [Fact]
    public async Task Following_shows_what_is_written_later_across_files_and_ends_with_the_container()
    {
        var ended = false;
        await using LogWriter writer = NewWriter(new LogLimits { MaxFileBytes = 200, MaxFiles = 100 });
        await WriteAsync(writer, "before\n");
        StringBuilder text = new();
        var follow = Task.Run(async () =>
        {
            await foreach (ReadOnlyMemory<byte> chunk in LogReader.ReadAsync(
                _pod, "main", 0, new LogSelection(), () => Volatile.Read(ref ended), TimeProvider.System, CancellationToken.None))
            {
                lock (text)
                {
                    text.Append(Encoding.UTF8.GetString(chunk.Span));
                }
            }
        });
        for (int i = 0; i < 100; i++)
        {
            await WriteAsync(writer, $"later {i}\n");
        }

        Volatile.Write(ref ended, true);
        await follow.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("before\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"later {i}\n")), text.ToString());
    }

    [Fact]
    public async Task Every_run_has_its_own_log()
    {
        await using (LogWriter first = NewWriter(restartCount: 0))
        await using (LogWriter second = NewWriter(restartCount: 1))
        {
            await WriteAsync(first, "first\n");
            await WriteAsync(second, "second\n");
        }

        Assert.Equal([0, 1], LogFiles.Runs(_pod, "main"));
        Assert.Equal("second\n", await ReadAsync(new LogSelection(), restartCount: 1));
        Assert.Equal("", await ReadAsync(new LogSelection(), restartCount: 2));
    }

    private LogWriter NewWriter(LogLimits? limits = null, int restartCount = 0) =>
        new(_pod, "main", restartCount, limits ?? LogLimits.Default, _time);

    private static ValueTask WriteAsync(LogWriter writer, string text) =>
        writer.WriteAsync(LogStream.Stdout, Encoding.UTF8.GetBytes(text), CancellationToken.None);

    private async Task WriteNumberedAsync(int count, LogLimits limits)
    {
        await using LogWriter writer = NewWriter(limits);
        for (int i = 0; i < count; i++)
        {
            await WriteAsync(writer, $"line {i}\n");
        }
    }

    private async Task<string> ReadAsync(LogSelection selection, int restartCount = 0)
    {
        StringBuilder text = new();
        await foreach (ReadOnlyMemory<byte> chunk in LogReader.ReadAsync(
            _pod, "main", restartCount, selection, hasEnded: null, _time, CancellationToken.None))
        {
            text.Append(Encoding.UTF8.GetString(chunk.Span));
        }

        return text.ToString();
    }
}
