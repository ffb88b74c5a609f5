using System.Globalization;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Workloads.Translation;

/// <summary>Annotations with one meaning each: our own, and those of Slinky's slurm-bridge, so that its users can move over.</summary>
internal static partial class TypedAnnotations
{
    private const string SlinkyPrefix = "slurmjob.slinky.slurm.net/";

    private static readonly TypedAnnotation[] Own =
    [
        .. Make(
            AnnotationForm.Word,
            "account", "partition", "qos", "constraint", "gres", "nodelist", "exclude", "licenses", "reservation", "wckey", "dependency",
            "gpus", "gpus-per-node", "gpus-per-task", "gpu-bind", "prefer", "switches", "mail-type", "mail-user", "network", "hint",
            "signal", "distribution", "cluster-constraint", "profile", "bb", "tmp"),
        .. Make(AnnotationForm.Text, "comment", "job-name", "begin", "deadline"),
        .. Make(
            AnnotationForm.Count,
            "ntasks", "ntasks-per-node", "ntasks-per-core", "ntasks-per-socket", "ntasks-per-gpu", "cpus-per-task", "cpus-per-gpu",
            "mincpus", "threads-per-core"),
        .. Make(AnnotationForm.Rank, "priority"),
        .. Make(AnnotationForm.Number, "nice"),
        .. Make(AnnotationForm.NumberRange, "nodes"),
        .. Make(AnnotationForm.Duration, "time", "time-min"),
        .. Make(AnnotationForm.Size, "mem", "mem-per-cpu", "mem-per-gpu"),
        .. Make(AnnotationForm.Switch, "hold", "requeue", "no-requeue", "contiguous", "overcommit", "oversubscribe", "spread-job"),
        .. Make(AnnotationForm.SwitchOrWord, "exclusive"),
    ];

    private static readonly TypedAnnotation[] Slinky =
    [
        new("account", "account", AnnotationForm.Word),
        new("constraints", "constraint", AnnotationForm.Word),
        new("cpu-per-task", "cpus-per-task", AnnotationForm.Count),
        new("exclusive", "exclusive", AnnotationForm.SwitchOrWord),
        new("gres", "gres", AnnotationForm.Word),
        new("job-name", "job-name", AnnotationForm.Text),
        new("licenses", "licenses", AnnotationForm.Word),
        new("mem-per-node", "mem", AnnotationForm.Size),
        new("min-nodes", "nodes", AnnotationForm.Count),
        new("partition", "partition", AnnotationForm.Word),
        new("priority", "priority", AnnotationForm.Rank),
        new("qos", "qos", AnnotationForm.Word),
        new("reservation", "reservation", AnnotationForm.Word),
        new("timelimit", "time", AnnotationForm.Minutes),
        new("wckey", "wckey", AnnotationForm.Word),
    ];

    /// <summary>Whether an annotation is one of these, or would be if its name were right.</summary>
    public static bool Reads(string annotation) =>
        annotation.StartsWith(WorkloadAnnotations.Prefix, StringComparison.Ordinal)
        || annotation.StartsWith(SlinkyPrefix, StringComparison.Ordinal);

    /// <summary>Sets the flags that slurm-bridge would have derived. Its user and group ids have no meaning here.</summary>
    public static void ApplySlinky(IReadOnlyDictionary<string, string> annotations, FlagSet flags, FieldErrors errors)
    {
        foreach (TypedAnnotation annotation in Slinky)
        {
            Apply(SlinkyPrefix, annotation, annotations, flags, errors);
        }

        const string MaxNodes = SlinkyPrefix + "max-nodes";
        if (annotations.TryGetValue(MaxNodes, out string? most))
        {
            string range = $"{flags.Find("nodes") ?? "1"}-{most}";
            if (ReadValue(AnnotationForm.NumberRange, range) is not null)
            {
                flags.Set("nodes", range);
            }
            else
            {
                errors.Invalid($"metadata.annotations[{MaxNodes}]", most, "must be a whole number, not less than min-nodes");
            }
        }
    }

    /// <summary>Sets the flags of <c>slurm.miniplane.io/…</c>; a name that means nothing is an error, since it is a typo.</summary>
    public static void ApplyOwn(IReadOnlyDictionary<string, string> annotations, FlagSet flags, FieldErrors errors)
    {
        foreach (TypedAnnotation annotation in Own)
        {
            Apply(WorkloadAnnotations.Prefix, annotation, annotations, flags, errors);
        }

        foreach (string name in (string[])[WorkloadAnnotations.GpuType, WorkloadAnnotations.Mpi])
        {
            if (annotations.TryGetValue(name, out string? word) && !Word().IsMatch(word))
            {
                errors.Invalid($"metadata.annotations[{name}]", word, Describe(AnnotationForm.Word));
            }
        }

        if (annotations.TryGetValue(WorkloadAnnotations.Launch, out string? launch) && launch is not ("tasks" or "once"))
        {
            errors.NotSupported($"metadata.annotations[{WorkloadAnnotations.Launch}]", launch, ["tasks", "once"]);
        }

        foreach (string key in annotations.Keys.Where(key => key.StartsWith(WorkloadAnnotations.Prefix, StringComparison.Ordinal)))
        {
            string name = key[WorkloadAnnotations.Prefix.Length..];
            if (!WorkloadAnnotations.NotFlags.Contains(key, StringComparer.Ordinal) && Array.TrueForAll(Own, known => known.Name != name))
            {
                errors.NotSupported("metadata.annotations", key, Own.Select(known => WorkloadAnnotations.Prefix + known.Name).Append(WorkloadAnnotations.Flags));
            }
        }
    }

    private static void Apply(
        string prefix,
        TypedAnnotation annotation,
        IReadOnlyDictionary<string, string> annotations,
        FlagSet flags,
        FieldErrors errors)
    {
        if (!annotations.TryGetValue(prefix + annotation.Name, out string? text))
        {
            return;
        }

        bool isSwitch = annotation.Form is AnnotationForm.Switch or AnnotationForm.SwitchOrWord;
        if (isSwitch && text is "true" or "false")
        {
            if (text == "true")
            {
                flags.Set(annotation.Flag, null);
            }
        }
        else if (ReadValue(annotation.Form, text) is { } value)
        {
            flags.Set(annotation.Flag, value);
        }
        else
        {
            errors.Invalid($"metadata.annotations[{prefix}{annotation.Name}]", text, Describe(annotation.Form));
        }
    }

    private static string? ReadValue(AnnotationForm form, string text) => form switch
    {
        AnnotationForm.Text => text.Length > 0 && !text.Any(char.IsControl) ? text : null,
        AnnotationForm.Word or AnnotationForm.SwitchOrWord => Word().IsMatch(text) ? text : null,
        AnnotationForm.Number => Number().IsMatch(text) ? text : null,
        AnnotationForm.Count => IsFrom(1, text) ? text : null,
        AnnotationForm.Rank => IsFrom(0, text) ? text : null,
        AnnotationForm.NumberRange => IsRange(text) ? text : null,
        AnnotationForm.Duration => Duration().IsMatch(text) ? text : null,
        AnnotationForm.Minutes => Number().IsMatch(text) ? text : null,
        AnnotationForm.Size => ReadSize(text),
        _ => null,
    };

    private static bool IsFrom(long least, string text) => Number().IsMatch(text) && long.Parse(text, CultureInfo.InvariantCulture) >= least;

    // k and m multiply by 1024 and 1048576 (sbatch(1), --nodes).
    private static bool IsRange(string text)
    {
        if (!NumberRange().IsMatch(text))
        {
            return false;
        }

        long[] ends = [.. text.Split('-').Select(end => long.Parse(end.TrimEnd('k', 'm'), CultureInfo.InvariantCulture) * (end[^1] switch { 'k' => 1024, 'm' => 1048576, _ => 1 }))];
        return ends[0] > 0 && ends[0] <= ends[^1];
    }

    private static string? ReadSize(string text)
    {
        if (SlurmSize().IsMatch(text))
        {
            return text;
        }

        return ResourceAmount.TryParse(text, out decimal bytes) && bytes > 0
            ? ResourceAmount.ToMiB(bytes).ToString(CultureInfo.InvariantCulture) + "M"
            : null;
    }

    private static string Describe(AnnotationForm form) => form switch
    {
        AnnotationForm.Text => "must be text on one line",
        AnnotationForm.Word => "must not be empty or hold white space",
        AnnotationForm.SwitchOrWord => "must be \"true\", \"false\" or a value of the flag",
        AnnotationForm.Number or AnnotationForm.Minutes => "must be a whole number",
        AnnotationForm.Count => "must be a whole number, 1 or more",
        AnnotationForm.Rank => "must be a whole number, 0 or more",
        AnnotationForm.NumberRange => "must be a number of nodes, or a range like 2-4",
        AnnotationForm.Duration =>
            "must be a Slurm time: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes[:seconds], or UNLIMITED",
        AnnotationForm.Size => "must be a size like 4G or 4Gi",
        _ => "must be \"true\" or \"false\"",
    };

    private static IEnumerable<TypedAnnotation> Make(AnnotationForm form, params string[] names) =>
        names.Select(name => new TypedAnnotation(name, name, form));

    [GeneratedRegex(@"\A[^\s\p{Cc}]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\A-?[0-9]{1,10}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[0-9]{1,9}[km]?(-[0-9]{1,9}[km]?)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberRange();

    [GeneratedRegex(@"\A([0-9]+|[0-9]+:[0-9]+(:[0-9]+)?|[0-9]+-[0-9]+(:[0-9]+){0,2}|UNLIMITED|INFINITE)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A[0-9]+[KMGTkmgt]?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlurmSize();
}
