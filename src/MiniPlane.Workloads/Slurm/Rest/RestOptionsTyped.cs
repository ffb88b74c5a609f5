using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Flags as Slurm takes them from 23.02 on (v0.0.39 and later): in the fields of the message that sbatch would send.</summary>
internal static class RestOptionsTyped
{
    private const long MinutesOfNoLimit = uint.MaxValue;

    public static IReadOnlyDictionary<string, RestOption> All { get; } = new Dictionary<string, RestOption>(StringComparer.Ordinal)
    {
        ["begin"] = (job, value) => job["begin_time"] = Set(ToMoment(value)),
        ["contiguous"] = Switch("contiguous", true),
        ["container-id"] = Text("container_id"),
        ["cpu-bind"] = Text("cpu_binding"),
        ["cpus-per-gpu"] = (job, value) => job["cpus_per_tres"] = $"gres/gpu:{value}",
        ["deadline"] = (job, value) => job["deadline"] = ToMoment(value),
        ["exclude"] = Words("excluded_nodes"),
        ["exclusive"] = (job, value) => job["shared"] = List(value.Length > 0 ? value : "none"),
        ["extra"] = Text("extra"),
        ["get-user-env"] = (job, _) => job["environment"]?.AsArray().Add((JsonNode)"SLURM_GET_USER_ENV=1"),
        ["gpu-bind"] = (job, value) => job["tres_bind"] = $"gres/gpu:{value}",
        ["gpu-freq"] = (job, value) => job["tres_freq"] = $"gpu:{value}",
        ["gpus"] = Gpus("tres_per_job"),
        ["gpus-per-node"] = Gpus("tres_per_node"),
        ["gpus-per-socket"] = Gpus("tres_per_socket"),
        ["gpus-per-task"] = Gpus("tres_per_task"),
        ["gres"] = Gres,
        ["gres-flags"] = (job, value) => AddFlag(job, value == "disable-binding" ? "GRES_BINDING_DISABLED" : value == "enforce-binding" ? "GRES_BINDING_ENFORCED" : throw new FormatException("has no counterpart")),
        ["kill-on-invalid-dep"] = (job, value) => AddFlag(job, RestOptions.ToSwitch(value) ? "KILL_INVALID_DEPENDENCY" : "NO_KILL_INVALID_DEPENDENCY"),
        ["mail-type"] = (job, value) => job["mail_type"] = MailTypes(value),
        ["mem"] = Memory("memory_per_node"),
        ["mem-bind"] = Text("memory_binding"),
        ["mem-per-cpu"] = Memory("memory_per_cpu"),
        ["mem-per-gpu"] = (job, value) => job["memory_per_tres"] = $"gres/gpu:{Number(ToMiB(value))}",
        ["network"] = Text("network"),
        ["no-kill"] = (job, value) => job["kill_on_node_fail"] = value == "off",
        ["nodelist"] = Words("required_nodes"),
        ["nodes"] = Nodes,
        ["open-mode"] = (job, value) => job["open_mode"] = List(value.ToUpperInvariant()),
        ["overcommit"] = Switch("overcommit", true),
        ["oversubscribe"] = (job, _) => job["shared"] = List("oversubscribe"),
        ["priority"] = (job, value) => job["priority"] = Set(RestOptions.ToNumber(value)),
        ["profile"] = (job, value) => job["profile"] = List([.. value.ToUpperInvariant().Split(',')]),
        ["reboot"] = Switch("reboot", true),
        ["resv-ports"] = (job, value) => job["reserve_ports"] = value.Length > 0 ? RestOptions.ToNumber(value) : 0,
        ["segment"] = (job, value) => job["segment_size"] = Set(RestOptions.ToNumber(value)),
        ["signal"] = Signal,
        ["spread-job"] = (job, _) => AddFlag(job, "SPREAD_JOB"),
        ["switches"] = Switches,
        ["time"] = (job, value) => job["time_limit"] = Set(ToMinutes(value)),
        ["time-min"] = (job, value) => job["time_minimum"] = Set(ToMinutes(value)),
        ["tmp"] = (job, value) => job["temporary_disk_per_node"] = ToMiB(value),
        ["tres-per-task"] = Text("tres_per_task"),
        ["use-min-nodes"] = (job, _) => AddFlag(job, "PREFER_MINIMUM_NODE_COUNT"),
        ["wait-all-nodes"] = (job, value) => job["wait_all_nodes"] = RestOptions.ToSwitch(value),
    };

    private static RestOption Text(string name) => (job, value) => job[name] = value;

    private static RestOption Switch(string name, bool on) => (job, _) => job[name] = on;

    private static RestOption Words(string name) => (job, value) => job[name] = List(value.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static RestOption Gpus(string name) => (job, value) => Append(job, name, value.Split(',').Select(item => $"gres/gpu:{item}"));

    private static RestOption Memory(string name) => (job, value) => job[name] = Set(ToMiB(value));

    private static JsonObject Set(long number) => new() { ["set"] = true, ["infinite"] = false, ["number"] = number };

    private static JsonArray List(params IEnumerable<string> words) => [.. words.Select(word => (JsonNode)JsonValue.Create(word))];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Append(JsonObject job, string name, IEnumerable<string> items)
    {
        string all = string.Join(',', items);
        job[name] = (string?)job[name] is { Length: > 0 } before ? $"{before},{all}" : all;
    }

    private static void AddFlag(JsonObject job, string flag)
    {
        if (job["flags"] is JsonArray flags)
        {
            flags.Add((JsonNode)flag);
        }
        else
        {
            job["flags"] = List(flag);
        }
    }

    private static void Gres(JsonObject job, string value)
    {
        if (value is not ("none" or "NONE" or ""))
        {
            Append(job, "tres_per_node", value.Split(',').Select(item => $"gres/{(item.StartsWith("gres:", StringComparison.Ordinal) ? item["gres:".Length..] : item)}"));
        }
    }

    private static void Nodes(JsonObject job, string value)
    {
        (long least, long most) = RestOptions.ToRange(value);
        job["nodes"] = value;
        job["minimum_nodes"] = least;
        job["maximum_nodes"] = most;
    }

    // [R][B]:name[@seconds], 60 seconds unless said otherwise (sbatch(1)).
    private static void Signal(JsonObject job, string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        string[] parts = value[(colon + 1)..].Split('@');
        if (colon >= 0 && value[..colon] != "B")
        {
            throw new FormatException("only B: can be said");
        }

        job["kill_warning_signal"] = parts[0];
        job["kill_warning_delay"] = Set(parts.Length > 1 ? RestOptions.ToNumber(parts[1]) : 60);
        if (colon >= 0)
        {
            job["kill_warning_flags"] = List("BATCH_JOB");
        }
    }

    private static void Switches(JsonObject job, string value)
    {
        string[] parts = value.Split('@');
        job["required_switches"] = Set(RestOptions.ToNumber(parts[0]));
        if (parts.Length > 1)
        {
            job["wait_for_switch"] = (long)(SlurmTime.Parse(parts[1]) ?? throw new FormatException("must be a time")).TotalSeconds;
        }
    }

    private static JsonArray MailTypes(string value)
    {
        IEnumerable<string> types = value.ToUpperInvariant().Split(',').SelectMany(type => type switch
        {
            "NONE" => [],
            "ALL" => ["BEGIN", "END", "FAIL", "REQUEUE", "STAGE_OUT", "INVALID_DEPENDENCY"],
            "TIME_LIMIT" => ["TIME=100%"],
            "INVALID_DEPEND" => ["INVALID_DEPENDENCY"],
            _ when type.StartsWith("TIME_LIMIT_", StringComparison.Ordinal) => [$"TIME={type["TIME_LIMIT_".Length..]}%"],
            _ => (string[])[type],
        });
        return List(types);
    }

    private static long ToMinutes(string value) => value.ToUpperInvariant() is "UNLIMITED" or "INFINITE" or "-1"
        ? MinutesOfNoLimit
        : SlurmTime.Parse(value) is { } time ? (long)Math.Ceiling(time.TotalMinutes) : throw new FormatException("must be a time");

    /// <summary>A size as sbatch takes it: MiB unless a letter says otherwise.</summary>
    private static long ToMiB(string value)
    {
        char unit = value.Length > 0 ? char.ToUpperInvariant(value[^1]) : ' ';
        long number = RestOptions.ToNumber(char.IsAsciiLetter(unit) ? value[..^1] : value);
        return unit switch
        {
            'K' => (number + 1023) / 1024,
            'G' => number * 1024,
            'T' => number * 1024 * 1024,
            'M' => number,
            _ when char.IsAsciiDigit(unit) => number,
            _ => throw new FormatException("must be a size: 100M, 4G"),
        };
    }

    private static long ToMoment(string value) =>
        DateTimeOffset.TryParseExact(
            value, ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
            ? time.ToUnixTimeSeconds()
            : throw new FormatException("must be a date and time here: 2030-01-31T08:00");
}
