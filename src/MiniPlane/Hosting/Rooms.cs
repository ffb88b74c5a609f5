using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Controllers;
using MiniPlane.Store;

namespace MiniPlane.Hosting;

/// <summary>The rooms in the order in which data flows through them (docs/flow.md), each with its options.</summary>
internal static class Rooms
{
    public static ApiServerOptions ApiServer(UpOptions options, int port) => new()
    {
        DataDirectory = options.DataDirectory,
        BindAddress = options.BindAddress,
        Port = port,
        AuthorizationMode = options.AlwaysAllow ? AuthorizationMode.AlwaysAllow : AuthorizationMode.Rbac,
        TokenFile = options.TokenFile,
        DisabledAdmission = options.DisabledAdmission.ToHashSet(StringComparer.Ordinal),
        ClusterDomain = options.ClusterDomain,
    };

    public static void AddRooms(this IServiceCollection services, UpOptions options, ApiServerOptions apiServer)
    {
        services.AddRevisionStore(Store(options));
        services.AddApiServer(apiServer);
        services.AddClusterControllers(provider => new ClusterControllersOptions
        {
            ClusterAuthorityPem = provider.GetRequiredService<ClusterPki>().AuthorityPem,
        });
    }

    public static void UseRooms(this WebApplication app)
    {
        app.UseApiServer();
    }

    private static StoreOptions Store(UpOptions options) => new()
    {
        Kind = options.KeepsStateInMemory ? StoreKind.Memory : StoreKind.Sqlite,
        Path = Path.Combine(options.DataDirectory, "store", "miniplane.db"),
    };
}
