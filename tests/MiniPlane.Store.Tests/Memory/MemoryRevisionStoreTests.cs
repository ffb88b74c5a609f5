using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Memory;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Tests.Revisions;

namespace MiniPlane.Store.Tests.Memory;

public sealed class MemoryRevisionStoreTests : RevisionStoreContract
{
    protected override IRevisionStore Open(StoreOptions options) =>
        MemoryRevisionStore.Open(options, NullLoggerFactory.Instance);
}
