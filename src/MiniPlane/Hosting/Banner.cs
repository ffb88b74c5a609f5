using MiniPlane.CommandLine;

namespace MiniPlane.Hosting;

/// <summary>What the user sees when the cluster is up: where it is, and the lines to paste.</summary>
internal static class Banner
{
    public static void Write(Terminal terminal, string url, string kubeconfig)
    {
        terminal.Step($"MiniPlane is ready at {url}");
        terminal.Line("");
        terminal.Line($"  export KUBECONFIG={kubeconfig}");
        terminal.Line("  kubectl get nodes");
        terminal.Line("  (Ctrl-C here stops the control plane; jobs go on)");
        terminal.Line("");
    }
}
