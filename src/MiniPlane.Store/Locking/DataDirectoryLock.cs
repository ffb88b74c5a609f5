namespace MiniPlane.Store.Locking;

/// <summary>
/// One process owns a data directory. Two guards, since home directories may be NFS or Lustre, where <c>flock</c> may silently do
/// nothing: an exclusively opened file, and a file that names the owner, who is looked up on this host. An owner on another host
/// cannot be looked up and is taken to be alive.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    private const string OwnerFile = "miniplane.lock";
    private const string GuardFile = "miniplane.lock.guard";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _guard;
    private readonly string _ownerPath;

    private DataDirectoryLock(FileStream guard, string ownerPath)
    {
        _guard = guard;
        _ownerPath = ownerPath;
    }

    /// <summary>Takes the directory, which is made (0700) if missing, or throws <see cref="DataDirectoryInUseException"/>.</summary>
    public static DataDirectoryLock Acquire(string directory) => Acquire(directory, ProcessIdentity.Own);

    /// <summary>Gives the directory up, so that the next start need not look for the owner.</summary>
    public void Dispose()
    {
        if (_guard.CanRead)
        {
            File.Delete(_ownerPath);
            _guard.Dispose();
        }
    }

    internal static DataDirectoryLock Acquire(string directory, ProcessIdentity self)
    {
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        string ownerPath = Path.Combine(directory, OwnerFile);
        FileStream guard = OpenGuard(directory, ownerPath);
        try
        {
            if (ReadOwner(ownerPath) is { } owner && !owner.IsGoneFrom(self))
            {
                throw InUse(directory, ownerPath, owner);
            }

            WriteOwner(ownerPath, self);
            return new DataDirectoryLock(guard, ownerPath);
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    private static FileStream OpenGuard(string directory, string ownerPath)
    {
        try
        {
            return new FileStream(Path.Combine(directory, GuardFile), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            });
        }
        catch (IOException) when (File.Exists(ownerPath))
        {
            throw InUse(directory, ownerPath, ReadOwner(ownerPath));
        }
    }

    private static ProcessIdentity? ReadOwner(string ownerPath)
    {
        try
        {
            return ProcessIdentity.Parse(File.ReadAllText(ownerPath));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Renamed into place, so that nobody ever reads half of it.</summary>
    private static void WriteOwner(string ownerPath, ProcessIdentity self)
    {
        string temporary = $"{ownerPath}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(self.Format()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, ownerPath, overwrite: true);
    }

    private static DataDirectoryInUseException InUse(string directory, string ownerPath, ProcessIdentity? owner) => new(
        owner is null
            ? $"{directory} is in use by another process."
            : $"{directory} is in use by MiniPlane on host {owner.Host}, process {owner.Pid}. Stop it there, or use another "
                + $"--data-dir. If that host is gone for good, delete {ownerPath}.");
}
