using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Store.Memory;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Store;

/// <summary>Registers the room.</summary>
public static class StoreServiceCollectionExtensions
{
    /// <summary>
    /// Adds the one <see cref="IRevisionStore"/>. It is opened when first asked for, which throws
    /// <see cref="StoreUnusableException"/> if its files cannot be used, and closed with the service provider.
    /// </summary>
    public static IServiceCollection AddRevisionStore(this IServiceCollection services, StoreOptions options) =>
        services.AddRevisionStore(loggers => Open(options, loggers));

    /// <summary>The same for a store that this room does not know.</summary>
    public static IServiceCollection AddRevisionStore(this IServiceCollection services, Func<ILoggerFactory, IRevisionStore> open) =>
        services.AddSingleton(provider => open(provider.GetRequiredService<ILoggerFactory>()));

    private static IRevisionStore Open(StoreOptions options, ILoggerFactory loggers) => options.Kind switch
    {
        StoreKind.Memory => MemoryRevisionStore.Open(options, loggers),
        StoreKind.Sqlite => SqliteRevisionStore.Open(options, loggers),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "There is no such kind of store."),
    };
}
