using MiniPlane.ApiServer.Validation;

namespace MiniPlane.ApiServer.Tests.Validation;

public sealed class FieldPathTests
{
    [Fact]
    public void A_path_is_written_out_from_its_root()
    {
        const string Key = "example.com/a";
        FieldPath spec = "spec";
        FieldPath containers = $"{spec}.containers";
        FieldPath port = $"{containers}[{2}].ports[{10}].hostPort";
        FieldPath label = $"{spec}.template.metadata.labels[{Key}]";

        Assert.Equal("spec.containers[2].ports[10].hostPort", port);
        Assert.Equal("spec.template.metadata.labels[example.com/a]", label);
        Assert.Equal("spec.containers", containers);
    }

    [Fact]
    public void A_name_below_the_root_stands_alone()
    {
        FieldPath root = "";
        FieldPath nothing = $"{root}";

        Assert.True(nothing.IsEmpty);
        Assert.Equal("limits", Checks.Join(root, "limits"));
        Assert.Equal("spec.limits", Checks.Join("spec", "limits"));
    }
}
