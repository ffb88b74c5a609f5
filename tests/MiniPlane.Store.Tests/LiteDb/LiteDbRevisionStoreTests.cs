using MiniPlane.Store.Revisions;
using MiniPlane.Store.Tests.Revisions;

namespace MiniPlane.Store.Tests.LiteDb;

public sealed class LiteDbRevisionStoreTests : RevisionStoreContract
{
    private readonly TemporaryDirectory _directory = new();

    protected override IRevisionStore Open(StoreOptions options) => LiteDbTesting.Open(options with { Path = _directory.File("store.litedb") });

    protected override void CleanUp() => _directory.Dispose();
}
