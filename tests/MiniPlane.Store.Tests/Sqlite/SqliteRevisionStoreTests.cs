using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using MiniPlane.Store.Tests.Revisions;

namespace MiniPlane.Store.Tests.Sqlite;

public sealed class SqliteRevisionStoreTests : RevisionStoreContract
{
    private readonly TemporaryDirectory _directory = new();

    protected override IRevisionStore Open(StoreOptions options) =>
        SqliteRevisionStore.Open(options with { Path = _directory.File("store.db") }, NullLoggerFactory.Instance);

    protected override void CleanUp() => _directory.Dispose();
}
