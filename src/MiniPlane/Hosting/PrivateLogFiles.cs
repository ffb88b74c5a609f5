using System.Text;
using MiniPlane.Operations;
using Serilog.Sinks.File;

namespace MiniPlane.Hosting;

/// <summary>Each file of the log is its owner's alone: it names pods, users and paths.</summary>
internal sealed class PrivateLogFiles : FileLifecycleHooks
{
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        File.SetUnixFileMode(path, PrivateFile.Mode);
        return underlyingStream;
    }
}
