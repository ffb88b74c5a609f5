using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>A test that needs Apptainer, and the registry of tests/rig with mp/busybox:1 in it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ApptainerFactAttribute : FactAttribute
{
    public const string Image = "127.0.0.1:5000/mp/busybox:1";

    private static readonly Lazy<string?> Missing = new(Find);

    public ApptainerFactAttribute() => Skip = Missing.Value;

    private static string? Find()
    {
        if (ApptainerTools.Find("apptainer", out string missing) is null)
        {
            return $"{missing} is not here";
        }

        try
        {
            using System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Connect("127.0.0.1", 5000);
            return null;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return "no registry at 127.0.0.1:5000 (tests/rig/registry.sh)";
        }
    }
}
