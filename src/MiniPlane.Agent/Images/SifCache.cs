using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Images;

/// <summary>
/// SIF files by manifest digest in a directory that all nodes see: <c>ARCH/sha256-HEX.sif</c>, and <c>ARCH/names/…</c>, what a name
/// meant when it was last pulled. One pull per image across nodes; a file is there whole or not at all.
/// </summary>
internal sealed partial class SifCache : IImageStore, IDisposable
{
    private const int MostTries = 2;
    private static readonly TimeSpan PullLimit = TimeSpan.FromHours(2);

    private readonly string _directory;
    private readonly string _apptainer;
    private readonly RegistryClient _registry;
    private readonly PullLimits _limits;
    private readonly ImageUses _uses;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    /// <param name="directory">The cache of the site or the user.</param>
    /// <param name="apptainer">The command.</param>
    /// <param name="pod">The uid of the pod that uses the images.</param>
    /// <param name="registry">Asks registries.</param>
    /// <param name="limits">The site's bounds.</param>
    /// <param name="logger">Where removed images are written down.</param>
    /// <param name="time">The clock of waits.</param>
    public SifCache(
        string directory, string apptainer, string pod, RegistryClient registry, PullLimits limits, ILogger logger, TimeProvider time)
    {
        _directory = Own(directory);
        _apptainer = apptainer;
        _registry = registry;
        _limits = limits;
        _uses = new ImageUses(_directory, pod, time);
        _logger = logger;
        _time = time;
    }

    /// <summary>What is in the cache of that directory, without a note that it is used: for what may never be started.</summary>
    public static PulledImage? Peek(string directory, ImageReference reference)
    {
        string path = reference.Path;
        if (reference.Transport != ImageTransport.File)
        {
            string name = NamePathOf(Own(directory), reference);
            string digest = reference.Digest.Length > 0 ? reference.Digest : File.Exists(name) ? File.ReadAllText(name).Trim() : "";
            path = digest.Length > 0 ? PathOf(Own(directory), digest) : "";
        }

        return File.Exists(path) ? new PulledImage { Id = "", Path = path, Config = null } : null;
    }

    public PulledImage? FindLocal(ImageReference reference)
    {
        if (reference.Transport == ImageTransport.File)
        {
            return File.Exists(reference.Path) ? Open(reference.Path, reference.Path) : null;
        }

        string? digest = reference.Digest.Length > 0 ? reference.Digest : ReadName(reference);
        return digest is not null && UseIfThere(PathOf(digest)) ? Open(PathOf(digest), $"{reference.Name}@{digest}") : null;
    }

    public async ValueTask<(PulledImage Image, bool WasPresent)> PullAsync(ImagePull pull, CancellationToken cancellationToken)
    {
        ImageReference reference = pull.Reference;
        if (reference.Transport == ImageTransport.File)
        {
            return (FindLocal(reference) ?? throw new ImagePullException("ErrImagePull", $"{reference.Path}: no such file"), true);
        }

        List<string> failures = [];
        ImageLocation[] locations = [.. _registry.Policy.Locate(reference)];
        foreach (ImageLocation location in locations)
        {
            try
            {
                return await PullAsync(pull, location, cancellationToken);
            }
            catch (ImagePullException exception)
            {
                failures.Add(locations.Length == 1 ? exception.Message : $"{location.Host}: {exception.Message}");
            }
        }

        throw new ImagePullException("ErrImagePull", string.Join("; ", failures));
    }

    public void Dispose() => _uses.Dispose();

    private async ValueTask<(PulledImage Image, bool WasPresent)> PullAsync(
        ImagePull pull, ImageLocation location, CancellationToken cancellationToken)
    {
        ResolvedImage resolved = await _registry.ResolveAsync(pull.Reference, location, pull.Accounts(location), cancellationToken);
        string path = PathOf(resolved.Digest);
        SharedFile.MakeDirectory(_directory);
        bool present = UseIfThere(path);
        if (!present)
        {
            await using (PullLock turn = await PullLock.AcquireAsync(
                $"{path}.lock", PullLimit, owner => pull.Waiting($"waiting for {owner}, which pulls it"), _time, cancellationToken))
            {
                if (!File.Exists(path))
                {
                    await FetchInTurnAsync(pull, resolved, path, cancellationToken);
                }
            }

            await CacheSweep.RunAsync(_directory, _limits.CacheBytes, _logger, _time);
        }

        WriteName(pull.Reference, resolved.Digest);
        return (Open(path, $"{pull.Reference.Name}@{resolved.Digest}"), present);
    }

    /// <summary>The order matters: an image that is said to be used is not removed any more.</summary>
    private bool UseIfThere(string path)
    {
        _uses.Add(Path.GetFileName(path));
        return File.Exists(path);
    }

    private async Task FetchInTurnAsync(ImagePull pull, ResolvedImage resolved, string path, CancellationToken cancellationToken)
    {
        if (_limits.Pulls <= 0)
        {
            await FetchAsync(pull.Reference, resolved, path, cancellationToken);
            return;
        }

        string[] seats = [.. Enumerable.Range(0, _limits.Pulls).Select(seat => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"pull-{seat}.lock")))];
        await using PullLock mine = await PullLock.AcquireAsync(
            seats, PullLimit, _ => pull.Waiting(string.Create(CultureInfo.InvariantCulture, $"waiting for one of {_limits.Pulls} pulls at a time")), _time, cancellationToken);
        await FetchAsync(pull.Reference, resolved, path, cancellationToken);
    }

    private static PulledImage Open(string path, string id)
    {
        try
        {
            return new PulledImage { Id = id, Path = path, Config = SifFile.ReadConfig(path) };
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new ImagePullException("ErrImagePull", exception.Message, exception);
        }
    }

    private async Task FetchAsync(ImageReference reference, ResolvedImage resolved, string path, CancellationToken cancellationToken)
    {
        string partial = SharedFile.Beside(path, "partial");
        using ApptainerTrust? trust = resolved.IsPlain ? null : ApptainerTrust.Make(_registry.Policy.Authorities);
        string scheme = reference.Transport == ImageTransport.Oras ? "oras" : "docker";
        ProcessStartInfo info = new(_apptainer) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments = ["-q", "pull", "--force", "--disable-cache", partial, $"{scheme}://{resolved.Host}/{resolved.Repository}@{resolved.Digest}"];
        foreach (string argument in resolved.IsPlain ? [.. arguments[..4], "--no-https", .. arguments[4..]] : arguments)
        {
            info.ArgumentList.Add(argument);
        }

        ApptainerTools.CleanEnvironment(info.Environment);
        trust?.AddTo(info.Environment);
        if (resolved.Account is { } account)
        {
            info.Environment["APPTAINER_DOCKER_USERNAME"] = account.User;
            info.Environment["APPTAINER_DOCKER_PASSWORD"] = account.Password;
        }

        using CancellationTokenSource limit = new(PullLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await RunAsync(info, either.Token);
            File.Move(partial, path, overwrite: true);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ImagePullException("ErrImagePull", $"{resolved.Host} did not give all of the image in {PullLimit.TotalMinutes:0} minutes", exception);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static async Task RunAsync(ProcessStartInfo info, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            using Process process = Start(info);
            OutputTail errors = new(process.StandardError.BaseStream);
            OutputTail output = new(process.StandardOutput.BaseStream);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode == 0)
            {
                return;
            }

            if (attempt == MostTries)
            {
                string text = await errors.TextAsync(cancellationToken);
                text = text.Length > 0 ? text : await output.TextAsync(cancellationToken);
                throw new ImagePullException("ErrImagePull", text);
            }
        }
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new ImagePullException("ErrImagePull", $"{info.FileName} was not started");
        }
        catch (Win32Exception exception)
        {
            throw new ImagePullException("ErrImagePull", $"{info.FileName} cannot be run: {exception.Message}", exception);
        }
    }

    private string PathOf(string digest) => PathOf(_directory, digest);

    private static string Own(string directory) =>
        Path.Combine(directory, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    private static string PathOf(string directory, string digest) => Path.Combine(directory, $"{digest.Replace(':', '-')}.sif");

    // Names have characters that file names cannot have; their hash has none.
    private static string NamePathOf(string directory, ImageReference reference) => Path.Combine(
        directory, "names", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference.FullName))));

    private string? ReadName(ImageReference reference)
    {
        string path = NamePathOf(_directory, reference);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private void WriteName(ImageReference reference, string digest)
    {
        string path = NamePathOf(_directory, reference);
        string partial = SharedFile.Beside(path, "partial");
        try
        {
            SharedFile.MakeDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(partial, digest);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another account's in a cache that all share: the name is asked for again, and nothing else is lost.
            LogName(_logger, reference.FullName, exception.Message);
        }
    }

    [LoggerMessage(7042, LogLevel.Warning, "What {Image} means now cannot be written down: {Message}")]
    private static partial void LogName(ILogger logger, string image, string message);
}
