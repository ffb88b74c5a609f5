using System.Net.Sockets;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Tests.Volumes;

public sealed class HostPathsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-host").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_device_a_socket_and_a_file_are_told_apart()
    {
        string socketPath = Path.Combine(_directory, "s");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(socketPath));
        string file = Path.Combine(_directory, "f");
        File.WriteAllText(file, "");

        Assert.Equal("/dev/null", Check("/dev/null", "CharDevice"));
        Assert.Equal(socketPath, Check(socketPath, "Socket"));
        Assert.Equal(file, Check(file, "File"));
        Assert.EndsWith("is not a character device", Refusal(file, "CharDevice"), StringComparison.Ordinal);
        Assert.EndsWith("is not a block device", Refusal("/dev/null", "BlockDevice"), StringComparison.Ordinal);
        Assert.EndsWith("is not a socket file", Refusal(file, "Socket"), StringComparison.Ordinal);
        Assert.EndsWith("is not a file", Refusal(_directory, "File"), StringComparison.Ordinal);
        Assert.EndsWith("is not a directory", Refusal(file, "Directory"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_made_is_made()
    {
        Assert.True(Directory.Exists(Check(Path.Combine(_directory, "d"), "DirectoryOrCreate")));
        Assert.True(File.Exists(Check(Path.Combine(_directory, "n"), "FileOrCreate")));
        Assert.EndsWith("does not exist", Refusal(Path.Combine(_directory, "none"), ""), StringComparison.Ordinal);
    }

    private static string Check(string path, string type) => HostPaths.Check(new HostPathView { Path = path, Type = type });

    private static string Refusal(string path, string type) => Assert.Throws<VolumeException>(() => Check(path, type)).Message;
}
