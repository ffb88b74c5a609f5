using System.Text.Json.Nodes;
using MiniPlane.Controllers.Rollouts;

namespace MiniPlane.Controllers.Tests.Rollouts;

public sealed class TemplateHashTests
{
    [Fact]
    public void The_order_of_fields_and_what_is_empty_make_no_difference()
    {
        JsonObject left = Make.Json("""{ "spec": { "a": 1, "b": [], "c": null }, "metadata": { "labels": { "app": "x" } } }""");
        JsonObject right = Make.Json("""{ "metadata": { "labels": { "app": "x", "pod-template-hash": "zzz" } }, "spec": { "a": 1 } }""");

        Assert.True(TemplateHash.Same(left, right));
        Assert.Equal(TemplateHash.Of(left, null), TemplateHash.Of(right, null));
    }

    [Fact]
    public void Another_image_is_another_template()
    {
        Assert.False(TemplateHash.Same(Make.PodTemplate("app:1"), Make.PodTemplate("app:2")));
        Assert.NotEqual(TemplateHash.Of(Make.PodTemplate("app:1"), null), TemplateHash.Of(Make.PodTemplate("app:2"), null));
    }

    [Fact]
    public void An_empty_volume_source_counts()
    {
        JsonObject left = Make.Json("""{ "spec": { "volumes": [ { "name": "v", "emptyDir": {} } ] } }""");
        JsonObject right = Make.Json("""{ "spec": { "volumes": [ { "name": "v" } ] } }""");

        Assert.False(TemplateHash.Same(left, right));
    }

    [Fact]
    public void A_collision_changes_the_name()
    {
        Assert.NotEqual(TemplateHash.Of(Make.PodTemplate(), null), TemplateHash.Of(Make.PodTemplate(), 1));
    }
}
