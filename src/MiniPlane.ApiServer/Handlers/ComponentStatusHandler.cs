using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>
/// The old way to ask how the parts of the control plane are (<c>kubectl get cs</c>). All are in this process; what stands for each is
/// the check of <c>/readyz</c> that would fail with it.
/// </summary>
internal sealed class ComponentStatusHandler(ObjectRegistry registry, IEnumerable<IHealthCheck> checks) : IKindHandler
{
    private const string Deprecation = "v1 ComponentStatus is deprecated in v1.19+";

    private static readonly (string Name, string Check)[] Components =
        [("controller-manager", "informer-sync"), ("etcd-0", "etcd"), ("scheduler", "informer-sync")];

    public bool Handles(KindDefinition kind) => kind is { Kind: "ComponentStatus", Group: "" };

    public async Task HandleAsync(ApiRequest request)
    {
        request.Warnings.Add(Deprecation);
        if (request.Info.Name.Length > 0)
        {
            (string name, string check) = Array.Find(Components, component => component.Name == request.Info.Name);
            await ObjectWriter.WriteAsync(
                request,
                200,
                name is null ? throw ApiErrors.NotFound(request.Kind, request.Info.Name) : Status(request, name, check));
            return;
        }

        ObjectFilter filter = ListOptions.Read(request).Filter(request);
        ObjectDocument[] items = [.. Components.Select(component => Status(request, component.Name, component.Check)).Where(filter.Matches)];
        await ObjectWriter.WriteListAsync(request, new ListPage(registry.Collections.Snapshot(request.Kind).Revision, items, "", null));
    }

    private ObjectDocument Status(ApiRequest request, string name, string check)
    {
        string? problem = checks.FirstOrDefault(one => one.Name == check)?.Problem();
        return StoreAccess.Unsaved(
            new JsonObject
            {
                ["kind"] = request.Kind.Kind,
                ["apiVersion"] = request.Kind.ApiVersion,
                ["metadata"] = new JsonObject { ["name"] = name },
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Healthy",
                    ["status"] = problem is null ? "True" : "False",
                    ["message"] = problem ?? "ok",
                }),
            },
            0);
    }
}
