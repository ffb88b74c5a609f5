using MiniPlane.Objects.Processes;

namespace MiniPlane.Objects.Tests.Processes;

public sealed class RuntimeFilesTests
{
    [Fact]
    public void They_are_named_after_the_process_and_its_start()
    {
        string stat = "77 (a) (b c) S 1 77 77 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 9 0 3849881 1234 5";

        Assert.Equal(["dotnet-diagnostic-77-3849881-socket", "clr-debug-pipe-77-3849881-in", "clr-debug-pipe-77-3849881-out"], RuntimeFiles.NamesOf(77, stat));
    }
}
