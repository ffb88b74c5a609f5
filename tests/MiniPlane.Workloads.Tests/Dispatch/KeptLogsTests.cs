using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Wire.Logs;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class KeptLogsTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("miniplane-kept-");
    private readonly ManualTime _time = new();

    private string Kept => LogFiles.KeptDirectory(_data.FullName);

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_deleted_pod_leaves_its_logs_for_a_day_and_nothing_else()
    {
        using var rig = new Rig(new FakeBackend());
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        string file = LogFiles.First(rig.Files.DirectoryOf(uid), "a", 0);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "said");

        await rig.Cluster.DeleteAsync(rig.Cluster.Kind("Pod"), new ObjectKey("default", "p"), DeleteQuery.Default, default);
        await rig.RoundAsync();
        await rig.RoundAsync();
        string kept = Assert.Single(LogFiles.FindKept(rig.Options.DataDirectory, "default", "p"));
        await rig.PassAsync(TimeSpan.FromHours(23));

        Assert.False(Directory.Exists(rig.Files.DirectoryOf(uid)));
        Assert.Equal(LogFiles.KeptDirectory(rig.Options.DataDirectory, "default", "p", uid), kept);
        Assert.Equal("said", await File.ReadAllTextAsync(Path.Combine(kept, "a", "0.log")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(LogFiles.KeptDirectory(rig.Options.DataDirectory)));

        await rig.PassAsync(TimeSpan.FromHours(2));

        Assert.False(Directory.Exists(kept));
    }

    [Fact]
    public void Files_of_a_pod_that_went_unseen_leave_their_logs_too()
    {
        KeptLogs logs = Make(SiteSettings.Default);
        logs.Keep(Pod("u1", 3), "u1", pod: null);

        Assert.True(File.Exists(Path.Combine(Kept, "u1", "a", "0.log")));
    }

    [Fact]
    public void What_an_earlier_process_kept_goes_in_its_time()
    {
        Make(SiteSettings.Default).Keep(Pod("u1", 3), "u1", new ObjectKey("default", "p"));
        KeptLogs later = Make(SiteSettings.Default);

        _time.Advance(TimeSpan.FromHours(12));
        later.Sweep();
        int before = Directory.GetDirectories(Kept).Length;
        _time.Advance(TimeSpan.FromHours(12));
        later.Sweep();

        Assert.Equal((1, 0), (before, Directory.GetDirectories(Kept).Length));
    }

    [Fact]
    public void The_oldest_go_when_all_take_more_than_they_may()
    {
        KeptLogs logs = Make(new SiteSettings { LogRetentionBytes = 25 });
        foreach (string uid in new[] { "u1", "u2", "u3" })
        {
            logs.Keep(Pod(uid, 10), uid, new ObjectKey("default", "p"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["default_p_u2", "default_p_u3"], LogFiles.FindKept(_data.FullName, "default", "p").Select(Path.GetFileName));
    }

    [Fact]
    public void Where_nothing_is_to_be_kept_and_where_nothing_was_said_there_is_no_directory()
    {
        Make(new SiteSettings { LogRetention = TimeSpan.Zero }).Keep(Pod("u1", 3), "u1", new ObjectKey("default", "p"));
        Make(SiteSettings.Default).Keep(Pod("u2", 0), "u2", new ObjectKey("default", "p"));

        Assert.False(Directory.Exists(Kept));
    }

    [Fact]
    public void The_longest_names_there_are_fit_a_files_name()
    {
        string place = LogFiles.KeptDirectory("/data", new string('n', 63), new string('p', 253), Guid.NewGuid().ToString());

        Assert.InRange(Path.GetFileName(place).Length, 100, 255);
    }

    private KeptLogs Make(SiteSettings site) => new(
        new WorkloadsOptions { DataDirectory = _data.FullName, ClusterId = "c1", Site = site }, NullLogger<KeptLogs>.Instance, _time);

    private string Pod(string uid, int bytes)
    {
        string directory = Path.Combine(_data.FullName, "pods", uid);
        string file = LogFiles.First(directory, "a", 0);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[bytes]);
        return directory;
    }
}
