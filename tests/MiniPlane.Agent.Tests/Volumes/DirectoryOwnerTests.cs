using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Tests.Volumes;

public sealed class DirectoryOwnerTests : IDisposable
{
    private const string Prefix = "pod-";
    private readonly string _parent = Directory.CreateTempSubdirectory("mp-owner").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void What_an_agent_left_that_is_gone_is_removed()
    {
        string directory = Make("a", $"{Environment.MachineName} 4194305 7");

        DirectoryOwner.Sweep(_parent, Prefix);

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void What_belongs_to_another_node_or_to_nobody_yet_stays()
    {
        string elsewhere = Make("a", "another-node 4194305 7");
        string unmarked = Make("b", "");

        DirectoryOwner.Sweep(_parent, Prefix);

        Assert.True(Directory.Exists(elsewhere));
        Assert.True(Directory.Exists(unmarked));
    }

    [Fact]
    public void An_agent_keeps_its_directory_where_others_cannot_see_its_process()
    {
        // The number of a process in another process namespace means nothing here.
        string directory = Make("a", $"{Environment.MachineName} 4194305 7");
        using (new FileStream(Path.Combine(directory, "owner"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            DirectoryOwner.Sweep(_parent, Prefix);
            Assert.True(Directory.Exists(directory));
        }

        string own = Directory.CreateDirectory(Path.Combine(_parent, Prefix + "own")).FullName;
        DirectoryOwner.Mark(own);
        Assert.Throws<IOException>(() => File.ReadAllText(Path.Combine(own, "owner")));
        DirectoryOwner.Release(own);
        Assert.StartsWith(Environment.MachineName, File.ReadAllText(Path.Combine(own, "owner")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_marked_twice_or_held_by_another_agent_of_the_pod_is_no_fault()
    {
        string twice = Make("a", "");
        string others = Make("b", "");
        using FileStream other = new(Path.Combine(others, "owner"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        DirectoryOwner.Mark(twice);
        DirectoryOwner.Mark(twice);
        DirectoryOwner.Mark(others);
        DirectoryOwner.Release(twice);
        DirectoryOwner.Release(twice);
        DirectoryOwner.Release(others);

        Assert.StartsWith(Environment.MachineName, File.ReadAllText(Path.Combine(twice, "owner")), StringComparison.Ordinal);
    }

    private string Make(string name, string owner)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_parent, Prefix + name)).FullName;
        File.WriteAllText(Path.Combine(directory, "owner"), owner);
        return directory;
    }
}
