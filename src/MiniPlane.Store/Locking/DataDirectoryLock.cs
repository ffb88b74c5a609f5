using System.Globalization;

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

    /// <summary>Takes the directory, which is made (0700) if missing, or throws <see cref="DataDirectoryInUseException"/>, or
    /// <see cref="StoreUnusableException"/> when it cannot be written.</summary>
    public static DataDirectoryLock Acquire(string directory) => Acquire(directory, ProcessIdentity.Own);

    /// <summary>Who has the directory, or had it and did not give it up; null when nobody.</summary>
    public static DataDirectoryOwner? FindOwner(string directory)
    {
        string path = Path.Combine(directory, OwnerFile);
        return ReadOwner(path) is { } owner
            ? new DataDirectoryOwner(owner.Host, owner.Pid, SinceOf(path), owner.IsGoneFrom(ProcessIdentity.Own), owner.Host == ProcessIdentity.Own.Host)
            : null;
    }

    /// <summary>Forgets an owner of another host, for a caller who knows that it is gone for good.</summary>
    public static void Forget(string directory) => File.Delete(Path.Combine(directory, OwnerFile));

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
        try
        {
            return Take(directory, self);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"{directory} cannot be used as the data directory: {exception.Message} It must be on a disk with room, and writable "
                    + $"for {Environment.UserName}; --data-dir names another.",
                exception);
        }
    }

    private static DataDirectoryLock Take(string directory, ProcessIdentity self)
    {
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        string ownerPath = Path.Combine(directory, OwnerFile);
        FileStream guard = OpenGuard(directory, ownerPath);
        try
        {
            var owner = ReadOwner(ownerPath);
            if (owner is not null && !owner.IsGoneFrom(self))
            {
                throw InUse(directory, ownerPath, owner);
            }

            WriteOwner(ownerPath, self);

            // Where the guard does nothing another host may have done the same at the same time; the last one has it.
            if (ReadOwner(ownerPath) is { } winner && winner != self)
            {
                throw InUse(directory, ownerPath, winner);
            }

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
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Renamed into place, so that nobody ever reads half of it.</summary>
    private static void WriteOwner(string ownerPath, ProcessIdentity self)
    {
        string temporary = $"{ownerPath}.{Guid.NewGuid():N}";
        try
        {
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
        catch
        {
            // A full disk must not fill with these.
            File.Delete(temporary);
            throw;
        }
    }

    private static DataDirectoryInUseException InUse(string directory, string ownerPath, ProcessIdentity? owner) => new(
        owner is null
            ? $"{directory} is in use by another process."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{directory} is in use by MiniPlane on host {owner.Host}, process {owner.Pid}, since {SinceOf(ownerPath):yyyy-MM-dd HH:mm:ss} UTC. "
                    + $"Stop it with `miniplane down --data-dir {directory}`, or use another --data-dir. If that host is gone for good, delete {ownerPath}."));

    private static DateTimeOffset SinceOf(string ownerPath) => new(File.GetLastWriteTimeUtc(ownerPath), TimeSpan.Zero);
}
