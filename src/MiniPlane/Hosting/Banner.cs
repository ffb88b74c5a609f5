using System.Globalization;
using MiniPlane.ApiServer.Identity;
using MiniPlane.CommandLine;
using MiniPlane.Connection;
using MiniPlane.Store.Revisions;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Hosting;

/// <summary>What the user sees of a start and a stop: where the cluster is, the lines to paste, and what goes on without it.</summary>
internal static class Banner
{
    /// <summary>What was found and chosen.</summary>
    public static void Started(Terminal terminal, UpOptions options, IWorkloadOverview work, IRevisionStore store)
    {
        long objects = store.Collections.Sum(collection => (long)store.Read(collection).Count);
        terminal.Step(options.KeepsStateInMemory
            ? "State is kept in memory only: it is gone when this process ends"
            : string.Create(CultureInfo.InvariantCulture, $"State is in {options.DataDirectory}: {objects} objects at revision {store.Revision}"));
        if (work.Backend == "local" && options.Backend == "auto")
        {
            terminal.Caution("No Slurm answers here, so pods run as processes of this host; `miniplane doctor` says what is missing");
        }
        else
        {
            terminal.Step($"Pods run on the backend {work.Backend}{(work.Way.Length > 0 ? $", by {work.Way}" : "")}");
        }
    }

    /// <summary>The three lines to paste.</summary>
    public static void Write(Terminal terminal, string url, string kubeconfig, string dataDirectory)
    {
        terminal.Step($"MiniPlane is ready at {url}");
        terminal.Line("");
        terminal.Line($"  export KUBECONFIG={kubeconfig}");
        terminal.Line("  kubectl get nodes");
        terminal.Line($"  {ProgramWords.Text} down{NotRunning.DataDirFlag(dataDirectory)}");
        terminal.Line("");
        terminal.Line("Ctrl-C here stops the control plane too; jobs go on.");
    }

    /// <summary>The same for a cluster that is a job: the kubeconfig is rewritten whenever it moves.</summary>
    public static void InSlurm(Terminal terminal, string url, string dataDirectory)
    {
        terminal.Step($"MiniPlane is ready at {url}");
        terminal.Line("");
        terminal.Line($"  export KUBECONFIG={Path.Combine(dataDirectory, AdminKubeconfig.FileName)}");
        terminal.Line("  kubectl get nodes");
        terminal.Line($"  {ProgramWords.Text} down{NotRunning.DataDirFlag(dataDirectory)}");
        terminal.Line("");
        terminal.Line("Before its time is up a successor takes over, and this kubeconfig follows it.");
    }

    /// <summary>What goes on, and how to get it back or end it.</summary>
    public static void Stopped(Terminal terminal, string dataDirectory, IWorkloadOverview work)
    {
        int active = work.Backend == "sim" ? 0 : work.Jobs.Count(job => !job.State.IsEnded());
        terminal.Line(work.Backend == "sim" ? "MiniPlane has stopped." : "MiniPlane has stopped. Jobs go on; the next start finds them again.");
        if (active > 0)
        {
            string flag = NotRunning.DataDirFlag(dataDirectory);
            string where = work.Backend == "slurm" ? ", see `squeue --me`" : "";
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {active} jobs run or wait{where}"));
            terminal.Line($"  {ProgramWords.Text} up{flag}                   # goes on with them");
            terminal.Line($"  {ProgramWords.Text} down --cancel-jobs{flag}   # ends them");
        }
    }
}
