using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>hostPath volumes and their types (core.v1.HostPathType), with kubelet's messages.</summary>
internal static class HostPaths
{
    private const UnixFileMode NewDirectory = (UnixFileMode)0x1ed;
    private const UnixFileMode PrivateDirectory = (UnixFileMode)0x1c0;
    private const UnixFileMode NewFile = (UnixFileMode)0x1a4;

    /// <param name="host">The path and what is expected there.</param>
    /// <param name="isPrivate">What is made is for this user's eyes only: a volume on a node's own disk.</param>
    public static string Check(HostPathView host, bool isPrivate = false)
    {
        bool isDirectory = Directory.Exists(host.Path);
        bool isFile = !isDirectory && File.Exists(host.Path);
        switch (host.Type)
        {
            case "DirectoryOrCreate" when !isDirectory && !isFile:
                Directory.CreateDirectory(host.Path, isPrivate ? PrivateDirectory : NewDirectory);
                return host.Path;
            case "FileOrCreate" when !isDirectory && !isFile:
                File.Create(host.Path).Dispose();
                File.SetUnixFileMode(host.Path, NewFile);
                return host.Path;
            case "Directory" or "DirectoryOrCreate" when !isDirectory:
                throw Wrong(host, "is not a directory");
            case "File" or "FileOrCreate" when !isFile:
                throw Wrong(host, "is not a file");
            case "Socket" when FileKind.Of(host.Path) != FileKind.Socket:
                throw Wrong(host, "is not a socket file");
            case "CharDevice" when FileKind.Of(host.Path) != FileKind.CharacterDevice:
                throw Wrong(host, "is not a character device");
            case "BlockDevice" when FileKind.Of(host.Path) != FileKind.BlockDevice:
                throw Wrong(host, "is not a block device");
            case "" when !isDirectory && !isFile:
                throw new VolumeException($"hostPath \"{host.Path}\" does not exist");
            default:
                return host.Path;
        }
    }

    private static VolumeException Wrong(HostPathView host, string what) =>
        new($"hostPath type check failed: {host.Path} {what}");
}
