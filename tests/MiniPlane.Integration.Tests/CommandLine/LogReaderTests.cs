using MiniPlane.Hosting;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class LogReaderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-logs-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_last_lines_come_from_as_many_files_as_it_takes()
    {
        Write("miniplane.log", "one\ntwo\n");
        Write("miniplane_001.log", "three\n");

        Assert.Equal(["two", "three"], new LogReader(_home).ReadLast(2));
        Assert.Equal(["one", "two", "three"], new LogReader(_home).ReadLast(int.MaxValue));
    }

    [Fact]
    public void What_is_added_is_read_on_into_the_next_file()
    {
        Write("miniplane.log", "one\n");
        var log = new LogReader(_home);
        log.ReadLast(10);

        Assert.Equal("", log.ReadMore());
        Write("miniplane.log", "one\ntwo\n");
        Assert.Equal("two\n", log.ReadMore());
        Write("miniplane_001.log", "three\n");
        Assert.Equal("", log.ReadMore());
        Assert.Equal("three\n", log.ReadMore());
    }

    [Fact]
    public void A_line_that_is_still_being_written_waits_for_its_end()
    {
        Write("miniplane.log", "one\nhal");
        var log = new LogReader(_home);

        Assert.Equal(["one"], log.ReadLast(10));
        Write("miniplane.log", "one\nhalf\n");
        Assert.Equal("half\n", log.ReadMore());
    }

    [Fact]
    public void A_log_that_begins_later_is_waited_for()
    {
        var log = new LogReader(_home);
        Assert.Empty(log.ReadLast(10));

        Write("miniplane.log", "one\n");

        Assert.Equal("one\n", log.ReadMore());
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_home, name), text);
}
