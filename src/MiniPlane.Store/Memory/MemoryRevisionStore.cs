using Microsoft.Extensions.Logging;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Memory;

/// <summary>The store without a disk. The same sequencer, snapshots and watches as the durable one.</summary>
public static class MemoryRevisionStore
{
    public static IRevisionStore Open(StoreOptions options, ILoggerFactory loggers) =>
        RevisionStore.Open(new MemoryJournal(), options, loggers);
}
