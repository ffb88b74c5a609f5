using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Volumes;

public sealed class VolumeDirectoryTests : IDisposable
{
    private static readonly ObjectKey Claim = new("default", "data");

    private readonly string _root = Directory.CreateTempSubdirectory("mp-directory").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_directory_that_was_not_made_for_the_volume_is_never_removed()
    {
        string path = Path.Combine(_root, "precious");
        Directory.CreateDirectory(path);

        string? problem = VolumeDirectory.Remove(path, "pvc-1", Claim);

        Assert.NotNull(problem);
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public void Links_in_a_volume_are_removed_and_not_followed()
    {
        string outside = Path.Combine(_root, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "file"), "x");
        string path = VolumeDirectory.PathOf(_root, "pvc-1", Claim);
        VolumeDirectory.Make(path);
        Directory.CreateSymbolicLink(Path.Combine(path, "link"), outside);

        string? problem = VolumeDirectory.Remove(path, "pvc-1", Claim);

        Assert.Null(problem);
        Assert.False(Directory.Exists(path));
        Assert.True(File.Exists(Path.Combine(outside, "file")));
    }

    [Fact]
    public void Directories_without_write_permission_are_removed_too()
    {
        string path = VolumeDirectory.PathOf(_root, "pvc-1", Claim);
        string inner = Path.Combine(path, "module", "cache");
        Directory.CreateDirectory(inner);
        File.WriteAllText(Path.Combine(inner, "file"), "x");
        File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        string? problem = VolumeDirectory.Remove(path, "pvc-1", Claim);

        Assert.Null(problem);
        Assert.False(Directory.Exists(path));
    }
}
