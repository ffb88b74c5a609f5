using MiniPlane.Store.Locking;

namespace MiniPlane.Store.Tests.Locking;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string OwnerFile => _directory.File("miniplane.lock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_second_owner_is_told_who_runs_where()
    {
        using var first = DataDirectoryLock.Acquire(_directory.Path);

        DataDirectoryInUseException refusal =
            Assert.Throws<DataDirectoryInUseException>(() => DataDirectoryLock.Acquire(_directory.Path));

        Assert.Contains($"host {Environment.MachineName}, process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_live_owner_is_believed_even_where_file_locks_do_nothing()
    {
        File.WriteAllText(OwnerFile, ProcessIdentity.Own.Format());

        Assert.Throws<DataDirectoryInUseException>(() => DataDirectoryLock.Acquire(_directory.Path));
    }

    [Fact]
    public void An_owner_on_another_host_is_taken_to_be_alive()
    {
        File.WriteAllText(OwnerFile, (ProcessIdentity.Own with { Host = "login2", Boot = "other" }).Format());

        DataDirectoryInUseException refusal =
            Assert.Throws<DataDirectoryInUseException>(() => DataDirectoryLock.Acquire(_directory.Path));

        Assert.Contains("host login2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"delete {OwnerFile}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_that_died_leaves_the_directory_free()
    {
        ProcessIdentity[] dead =
        [
            ProcessIdentity.Own with { Pid = int.MaxValue },
            ProcessIdentity.Own with { Started = "1" },
            ProcessIdentity.Own with { Boot = "an earlier one" },
        ];

        foreach (ProcessIdentity owner in dead)
        {
            File.WriteAllText(OwnerFile, owner.Format());
            using var taken = DataDirectoryLock.Acquire(_directory.Path);
            Assert.Equal(ProcessIdentity.Own, ProcessIdentity.Parse(File.ReadAllText(OwnerFile)));
        }
    }

    [Fact]
    public void A_directory_that_was_given_up_can_be_taken_again()
    {
        DataDirectoryLock.Acquire(_directory.Path).Dispose();

        using var again = DataDirectoryLock.Acquire(_directory.Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OwnerFile));
    }

    [Fact]
    public void An_owner_file_that_makes_no_sense_does_not_lock_anyone_out()
    {
        File.WriteAllText(OwnerFile, "\0\0garbage");

        using var taken = DataDirectoryLock.Acquire(_directory.Path);

        Assert.NotNull(taken);
    }
}
