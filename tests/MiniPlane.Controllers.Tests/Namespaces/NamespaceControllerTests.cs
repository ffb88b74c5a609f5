using System.Text.Json.Nodes;
using MiniPlane.Controllers.Accounts;
using MiniPlane.Controllers.Namespaces;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Namespaces;

public sealed class NamespaceControllerTests
{
    [Fact]
    public async Task The_four_namespaces_of_every_cluster_are_made_at_the_start()
    {
        await using var rig = new ControllerRig();

        await rig.StartAsync(context => new SystemNamespacesController(context));

        await rig.UntilAsync(() => rig.Cluster.All("Namespace").Count == 4, "they are made");
        Assert.Equal(
            ["default", "kube-node-lease", "kube-public", "kube-system"],
            rig.Cluster.All("Namespace").Select(document => document.Metadata.Name));
    }

    [Fact]
    public async Task A_system_namespace_that_somebody_deleted_comes_back()
    {
        await using var rig = new ControllerRig();
        await rig.StartAsync(context => new SystemNamespacesController(context), context => new NamespaceController(context));
        await rig.UntilAsync(() => rig.Cluster.All("Namespace").Count == 4, "they are made");
        string uid = rig.Cluster.Find("Namespace", "", "kube-public")!.Metadata.Uid;

        await rig.DeleteAsync("Namespace", "", "kube-public");

        await rig.UntilAsync(
            () => rig.Cluster.Find("Namespace", "", "kube-public") is { } again && again.Metadata.Uid != uid, "it is made anew");
    }

    [Fact]
    public async Task A_deleted_namespace_is_emptied_and_then_goes()
    {
        await using var rig = new ControllerRig();
        await rig.CreateAsync("Namespace", Make.Namespace("team"));
        await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "a", "team"));
        await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "other", "default"));
        await rig.StartAsync(context => new NamespaceController(context));

        await rig.DeleteAsync("Namespace", "", "team");

        await rig.UntilAsync(() => rig.Cluster.Find("Namespace", "", "team") is null, "it goes");
        Assert.Equal(["other"], rig.Cluster.All("ConfigMap").Select(document => document.Metadata.Name));
    }

    [Fact]
    public async Task Content_with_a_finalizer_keeps_the_namespace_and_the_conditions_say_so()
    {
        await using var rig = new ControllerRig();
        await rig.CreateAsync("Namespace", Make.Namespace("team"));
        JsonObject stuck = Make.Object("v1", "ConfigMap", "stuck", "team");
        stuck.Ensure("metadata")["finalizers"] = new JsonArray("example.com/hold");
        await rig.CreateAsync("ConfigMap", stuck);
        await rig.StartAsync(context => new NamespaceController(context));

        await rig.DeleteAsync("Namespace", "", "team");
        await rig.UntilAsync(() => Message(rig, "NamespaceFinalizersRemaining") is not null, "the conditions are written");

        Assert.Equal("Some resources are remaining: configmaps has 1 resource instances", Message(rig, "NamespaceContentRemaining"));
        Assert.Equal(
            "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
            Message(rig, "NamespaceFinalizersRemaining"));
        rig.Cluster.Edit("ConfigMap", "team", "stuck", json => json.Ensure("metadata").Remove("finalizers"));
        await rig.UntilAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(1));
                return rig.Cluster.Find("Namespace", "", "team") is null;
            },
            "it goes when the content has gone");
    }

    [Fact]
    public async Task Every_namespace_gets_its_default_account_and_the_cluster_authority()
    {
        await using var rig = new ControllerRig();
        var options = new ClusterControllersOptions { ClusterAuthorityPem = "PEM" };
        await rig.StartAsync(
            context => new ServiceAccountController(context), context => new RootAuthorityController(context, options));

        await rig.CreateAsync("Namespace", Make.Namespace("team"));
        await rig.UntilAsync(() => rig.Cluster.Find("ServiceAccount", "team", "default") is not null, "the account is made");
        await rig.UntilAsync(() => rig.Cluster.Find("ConfigMap", "team", "kube-root-ca.crt") is not null, "the map is made");
        rig.Cluster.Edit("ConfigMap", "team", "kube-root-ca.crt", json => json.Ensure("data")["ca.crt"] = "changed");

        await rig.UntilAsync(
            () => rig.Cluster.Find("ConfigMap", "team", "kube-root-ca.crt")!.ToJson().Text("data", "ca.crt") == "PEM",
            "the map is put right");
    }

    private static string? Message(ControllerRig rig, string type) =>
        rig.Cluster.Find("Namespace", "", "team")?.ToJson().Objects("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == type)?.Text("message");
}
