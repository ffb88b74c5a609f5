using System.Globalization;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Doctor;

/// <summary>The limits of a site file in words; empty when there are none.</summary>
internal static class LimitText
{
    public static string Of(PodLimits limits)
    {
        string[] all =
        [
            Say(limits.Jobs, "jobs at a time"),
            Say(limits.CpusPerPod, "CPUs per pod"),
            Say(limits.MemoryMiBPerPod, "MiB of memory per pod"),
            Say(limits.GpusPerPod, "GPUs per pod"),
            Say((long?)limits.TimePerPod?.TotalMinutes, "minutes per pod"),
        ];
        return string.Join(", ", all.Where(text => text.Length > 0));
    }

    private static string Say(long? number, string what) => number is { } most ? $"{most.ToString(CultureInfo.InvariantCulture)} {what}" : "";
}
