using MiniPlane.Connection;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class ProgramWordsTests
{
    [Theory]
    [InlineData(null, false, "miniplane")]
    [InlineData("/home/a/miniplane.sif", true, "apptainer run --bind /:/host /home/a/miniplane.sif")]
    [InlineData("/home/a/my plane.sif", false, "apptainer run '/home/a/my plane.sif'")]
    public void What_is_told_to_type_is_what_the_user_typed(string? container, bool hasHost, string words) =>
        Assert.Equal(words, ProgramWords.Of(name => name == "APPTAINER_CONTAINER" ? container : null, path => hasHost && path == "/host/usr"));
}
