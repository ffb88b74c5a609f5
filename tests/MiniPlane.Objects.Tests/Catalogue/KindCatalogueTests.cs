using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Tests.Catalogue;

public sealed class KindCatalogueTests
{
    private readonly KindCatalogue _catalogue = new();

    [Fact]
    public void A_custom_kind_is_found_beside_the_built_in_ones_and_goes_away_again()
    {
        KindDefinition widget = Widget("v1");

        _catalogue.SetCustom("widgets.example.org", [widget]);

        Assert.Same(widget, _catalogue.FindKind("example.org/v1", "Widget"));
        Assert.Same(widget, _catalogue.FindResource("example.org", "v1", "widgets"));
        Assert.Same(BuiltInKinds.Pod, _catalogue.FindResource("", "v1", "pods"));
        Assert.Equal(widget, _catalogue.Kinds.Last());

        _catalogue.SetCustom("widgets.example.org", []);

        Assert.Null(_catalogue.FindKind("example.org/v1", "Widget"));
        Assert.Equal(2, _catalogue.Generation);
    }

    [Fact]
    public void Custom_versions_are_listed_from_the_most_stable_and_newest_on()
    {
        _catalogue.SetCustom("widgets.example.org", [Widget("v1alpha1"), Widget("v1beta2"), Widget("foo"), Widget("v10"), Widget("v2")]);

        string[] versions = [.. _catalogue.Kinds.Where(kind => kind.Group == "example.org").Select(kind => kind.Version)];

        Assert.Equal(["v10", "v2", "v1beta2", "v1alpha1", "foo"], versions);
    }

    private static KindDefinition Widget(string version) => new()
    {
        Group = "example.org",
        Version = version,
        Kind = "Widget",
        Plural = "widgets",
        Singular = "widget",
        IsNamespaced = true,
        Verbs = ["get"],
        Type = new TypeDefinition($"example.org.{version}.Widget", TypeForm.Object, "A widget."),
    };
}
