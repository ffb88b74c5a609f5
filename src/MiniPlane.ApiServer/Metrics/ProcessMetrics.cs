using System.Diagnostics;
using MiniPlane.ApiServer.FlowControl;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>What the process takes, what the store holds and how full the priority levels are.</summary>
internal sealed class ProcessMetrics(IRevisionStore store, FlowController flow) : IMetricsSource
{
    public void Write(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.")
            .Sample("process_cpu_seconds_total", "", process.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
            .Sample("process_resident_memory_bytes", "", process.WorkingSet64);
        text.Family("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.")
            .Sample("process_virtual_memory_bytes", "", process.VirtualMemorySize64);
        text.Family("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.")
            .Sample("process_start_time_seconds", "", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Family("dotnet_gc_allocated_bytes_total", "counter", "Bytes of managed memory allocated since the process started.")
            .Sample("dotnet_gc_allocated_bytes_total", "", GC.GetTotalAllocatedBytes());
        text.Family("process_threads", "gauge", "Number of operating-system threads.")
            .Sample("process_threads", "", process.Threads.Count);
        text.Family("process_open_fds", "gauge", "Number of open file descriptors.")
            .Sample("process_open_fds", "", process.HandleCount);
        Objects(text);
        Levels(text);
    }

    private void Objects(MetricsText text)
    {
        text.Family("miniplane_store_revision", "gauge", "The revision of the newest write.")
            .Sample("miniplane_store_revision", "", store.Revision);
        text.Family("apiserver_storage_objects", "gauge", "Number of stored objects at the time of last check, by resource.");
        foreach (string collection in store.Collections.Order(StringComparer.Ordinal))
        {
            text.Sample("apiserver_storage_objects", MetricsText.Labels(("resource", collection)), store.Read(collection).Count);
        }
    }

    private void Levels(MetricsText text)
    {
        Level(text, "apiserver_flowcontrol_current_executing_requests", "Number of requests that run now, by priority level.", level => level.Executing);
        Level(text, "apiserver_flowcontrol_current_executing_seats", "Number of seats in use now, by priority level.", level => level.Taken);
        Level(text, "apiserver_flowcontrol_current_inqueue_requests", "Number of requests that wait for a seat, by priority level.", level => level.Waiting);
        Level(text, "apiserver_flowcontrol_nominal_limit_seats", "Seats of each priority level.", level => level.Seats);
        Level(text, "apiserver_flowcontrol_current_limit_seats", "Seats of each priority level with what it lent and borrowed.", level => level.Limit);
    }

    private void Level(MetricsText text, string name, string help, Func<PriorityLevel, int> value)
    {
        text.Family(name, "gauge", help);
        foreach (PriorityLevel level in flow.Levels)
        {
            text.Sample(name, MetricsText.Labels(("priority_level", level.Name)), value(level));
        }
    }
}
