namespace MiniPlane.ApiServer.Pods;

/// <summary>
/// The remote command protocols over WebSocket (k8s.io/apimachinery/pkg/util/remotecommand): each message is a channel number and
/// bytes; version 5 can also end a channel, which is how stdin is closed.
/// </summary>
internal sealed record StreamProtocol(string Name, bool CanCloseChannels)
{
    /// <summary>How the command ended, or why it did not begin: a Status.</summary>
    public const byte ErrorChannel = 3;

    /// <summary>The channel number that announces the end of another one.</summary>
    public const byte CloseMarker = 255;

    private static readonly StreamProtocol[] Known =
        [new("v5.channel.k8s.io", true), new("v4.channel.k8s.io", false)];

    /// <summary>The best protocol that both sides speak, or null.</summary>
    public static StreamProtocol? Choose(IList<string> offered) =>
        Array.Find(Known, protocol => offered.Contains(protocol.Name));
}
