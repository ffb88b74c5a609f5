using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Architecture.Tests;

/// <summary>The catalogue is data: a kind file in the tree is a kind that is served.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void Every_kind_file_is_part_of_the_program()
    {
        string[] embedded = [.. typeof(BuiltInCatalogue).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".kind", StringComparison.Ordinal))];

        int files = SourceTree.Files("src/MiniPlane.Objects", ".kind").Count();

        Assert.NotEqual(0, files);
        Assert.Equal(files, embedded.Length);
    }
}
