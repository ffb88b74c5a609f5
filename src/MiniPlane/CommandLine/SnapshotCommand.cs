using System.CommandLine;
using MiniPlane.Snapshots;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane snapshot save|restore|verify</c>: the whole cluster in one file, and back.</summary>
internal static class SnapshotCommand
{
    public static Command Create(Terminal terminal) => new("snapshot", "Save the cluster to a file, check the file, restore it.")
    {
        Save(terminal),
        Restore(terminal),
        Verify(terminal),
    };

    private static Command Save(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var file = new Argument<string?>("FILE")
        {
            Description = "Where to; default: a new file in the data directory's folder snapshots.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("save", "Save all objects at one revision, and the cluster's keys. The server may be running.")
        {
            file, dataDir,
        };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(terminal, async () =>
        {
            string directory = CommandGuard.Directory(parsed.GetValue(dataDir));
            string path = parsed.GetValue(file) ?? SnapshotFiles.NewPath(directory, TimeProvider.System.GetUtcNow());
            SnapshotContent saved = await SnapshotSave.RunAsync(directory, path, TimeProvider.System, cancellationToken);
            terminal.Line($"Saved {Describe(saved)} to {path}");
            return ExitCodes.Success;
        }, cancellationToken));
        return command;
    }

    private static Command Restore(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var file = new Argument<string>("FILE") { Description = "The snapshot." };
        var replace = new Option<bool>("--replace") { Description = "Move a store that is there aside instead of refusing." };
        var store = new Option<string?>("--store") { Description = "How to keep it: sqlite or litedb; default: as the store that is there.", HelpName = "KIND" };
        var command = new Command("restore", "Make the cluster of a snapshot in a data directory where no server runs.")
        {
            file, dataDir, replace, store,
        };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(terminal, () =>
        {
            string directory = CommandGuard.Directory(parsed.GetValue(dataDir));
            SnapshotContent snapshot = ReadFile(parsed.GetRequiredValue(file));
            StoreFormat? format = parsed.GetValue(store) is { } name ? StoreFormats.Find(name) : null;
            SnapshotRestored restored = SnapshotPutBack.Run(directory, snapshot, format, parsed.GetValue(replace), TimeProvider.System);
            terminal.Line($"Restored {Describe(snapshot)} in {directory}; its revision is now {restored.Revision}");
            if (restored.MovedTo is { } moved)
            {
                terminal.Line($"What was there is in {moved}");
            }

            return Task.FromResult(ExitCodes.Success);
        }, cancellationToken));
        return command;
    }

    private static Command Verify(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var file = new Argument<string?>("FILE")
        {
            Description = "The snapshot; without one the store of the data directory is checked, which no server may be using.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("verify", "Read all of a snapshot, or of the store, and check every checksum.") { file, dataDir };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(terminal, async () =>
        {
            string directory = CommandGuard.Directory(parsed.GetValue(dataDir));
            string found = parsed.GetValue(file) is { } path
                ? $"{path} is sound: {Describe(ReadFile(path))}"
                : await SnapshotSave.CheckStoreAsync(directory);
            terminal.Line(found);
            return ExitCodes.Success;
        }, cancellationToken));
        return command;
    }

    private static SnapshotContent ReadFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return SnapshotReader.Read(file);
        }
        catch (SnapshotDamagedException exception)
        {
            throw new SnapshotDamagedException($"{path} cannot be used: {exception.Message}", exception);
        }
    }

    private static string Describe(SnapshotContent snapshot) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{snapshot.Documents.Count} objects and {snapshot.Files.Count} files at revision {snapshot.Revision}, taken {snapshot.Taken:u}");
}
