using System.Text;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Tests.Volumes;

public sealed class AtomicDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mp-atomic").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void An_update_replaces_all_files_by_one_link()
    {
        AtomicDirectory directory = new(_root, TimeProvider.System);
        directory.Write(Files(("a", "1"), ("sub/b", "2")));
        string? first = new FileInfo(Path.Combine(_root, "..data")).LinkTarget;

        directory.Write(Files(("a", "changed"), ("c", "3")));

        Assert.NotEqual(first, new FileInfo(Path.Combine(_root, "..data")).LinkTarget);
        Assert.Equal("changed", File.ReadAllText(Path.Combine(_root, "a")));
        Assert.Equal(["..data", "a", "c"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).Where(name => !name!.StartsWith("..2", StringComparison.Ordinal)).Order());
        Assert.False(Directory.Exists(Path.Combine(_root, first!)));
    }

    [Fact]
    public void Nothing_happens_when_nothing_has_changed()
    {
        AtomicDirectory directory = new(_root, TimeProvider.System);
        directory.Write(Files(("a", "1")));
        string? first = new FileInfo(Path.Combine(_root, "..data")).LinkTarget;

        directory.Write(Files(("a", "1")));

        Assert.Equal(first, new FileInfo(Path.Combine(_root, "..data")).LinkTarget);
    }

    [Fact]
    public void Files_have_the_mode_that_was_asked_for()
    {
        new AtomicDirectory(_root, TimeProvider.System).Write(
            new Dictionary<string, VolumeFile>(StringComparer.Ordinal) { ["key"] = new([1], 0x100) });

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(_root, "key")));
    }

    private static Dictionary<string, VolumeFile> Files(params (string Path, string Text)[] files) =>
        files.ToDictionary(file => file.Path, file => new VolumeFile(Encoding.UTF8.GetBytes(file.Text), 0x1a4), StringComparer.Ordinal);
}
