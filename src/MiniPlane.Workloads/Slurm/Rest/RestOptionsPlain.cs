using System.Text.Json.Nodes;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// Flags as Slurm 22.05 takes them (v0.0.38): mostly in sbatch's own words. It has none for lists of nodes, switches and a few more,
/// and no signal for the batch script alone: see <see cref="ScriptWarning"/>.
/// </summary>
internal static class RestOptionsPlain
{
    public static IReadOnlyDictionary<string, RestOption> All { get; } = new Dictionary<string, RestOption>(StringComparer.Ordinal)
    {
        ["begin"] = Text("begin_time"),
        ["cpu-bind"] = Text("cpu_binding"),
        ["cpus-per-gpu"] = Text("cpus_per_gpu"),
        ["deadline"] = Text("deadline"),
        ["exclusive"] = (job, value) => job["exclusive"] = value.Length > 0 ? value : "exclusive",
        ["get-user-env"] = (job, _) => job["get_user_environment"] = "1",
        ["gpu-bind"] = Text("gpu_binding"),
        ["gpu-freq"] = Text("gpu_frequency"),
        ["gpus"] = Text("gpus"),
        ["gpus-per-node"] = Text("gpus_per_node"),
        ["gpus-per-socket"] = Text("gpus_per_socket"),
        ["gpus-per-task"] = Text("gpus_per_task"),
        ["gres"] = Text("gres"),
        ["gres-flags"] = Text("gres_flags"),
        ["hint"] = Text("cpu_binding_hint"),
        ["kill-on-invalid-dep"] = (job, value) => job["kill_on_invalid_dependency"] = RestOptions.ToSwitch(value),
        ["mail-type"] = Text("mail_type"),
        ["mem"] = Text("memory_per_node"),
        ["mem-bind"] = Text("memory_binding"),
        ["mem-per-cpu"] = Text("memory_per_cpu"),
        ["nodes"] = Text("nodes"),
        ["open-mode"] = Text("open_mode"),
        ["oversubscribe"] = (job, _) => job["oversubscribe"] = true,
        ["priority"] = Text("priority"),
        ["signal"] = Signal,
        ["spread-job"] = (job, _) => job["spread_job"] = true,
        ["time"] = Text("time_limit"),
        ["time-min"] = Text("time_minimum"),
        ["use-min-nodes"] = (job, _) => job["minimum_nodes"] = true,
        ["wait-all-nodes"] = (job, value) => job["wait_all_nodes"] = RestOptions.ToSwitch(value) ? 1 : 0,
    };

    private static RestOption Text(string name) => (job, value) => job[name] = value;

    // A signal for the batch script is the script's own affair here.
    private static void Signal(JsonObject job, string value)
    {
        if (!ScriptWarning.Is(value))
        {
            job["signal"] = value;
        }
    }
}
