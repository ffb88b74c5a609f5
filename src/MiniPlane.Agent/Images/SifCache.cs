using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Images;

/// <summary>
/// SIF files by manifest digest in a directory that all nodes see: <c>ARCH/sha256-HEX.sif</c>, and <c>ARCH/names/…</c>, what a name
/// meant when it was last pulled. One pull per image across nodes; a file is there whole or not at all.
/// </summary>
internal sealed class SifCache : IImageStore
{
    private const int MostTries = 2;
    private static readonly TimeSpan PullLimit = TimeSpan.FromHours(2);

    private readonly string _directory;
    private readonly string _apptainer;
    private readonly RegistryClient _registry;
    private readonly TimeProvider _time;

    public SifCache(string directory, string apptainer, RegistryClient registry, TimeProvider time)
    {
        _directory = Path.Combine(directory, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
        _apptainer = apptainer;
        _registry = registry;
        _time = time;
    }

    public PulledImage? FindLocal(ImageReference reference)
    {
        if (reference.Transport == ImageTransport.File)
        {
            return File.Exists(reference.Path) ? Open(reference.Path, reference.Path) : null;
        }

        string? digest = reference.Digest.Length > 0 ? reference.Digest : ReadName(reference);
        return digest is not null && File.Exists(PathOf(digest)) ? Open(PathOf(digest), $"{reference.Name}@{digest}") : null;
    }

    public async ValueTask<(PulledImage Image, bool WasPresent)> PullAsync(
        ImageReference reference, RegistryAccount? account, CancellationToken cancellationToken)
    {
        if (reference.Transport == ImageTransport.File)
        {
            return (FindLocal(reference) ?? throw new ImagePullException("ErrImagePull", $"{reference.Path}: no such file"), true);
        }

        ResolvedImage resolved = await _registry.ResolveAsync(reference, account, cancellationToken);
        string path = PathOf(resolved.Digest);
        Directory.CreateDirectory(_directory);
        bool present = File.Exists(path);
        if (!present)
        {
            await using PullLock turn = await PullLock.AcquireAsync($"{path}.lock", PullLimit, _time, cancellationToken);
            if (!File.Exists(path))
            {
                await FetchAsync(reference, resolved, account, path, cancellationToken);
            }
        }

        WriteName(reference, resolved.Digest);
        return (Open(path, $"{reference.Name}@{resolved.Digest}"), present);
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

    private async Task FetchAsync(
        ImageReference reference,
        ResolvedImage resolved,
        RegistryAccount? account,
        string path,
        CancellationToken cancellationToken)
    {
        string partial = string.Create(
            CultureInfo.InvariantCulture, $"{path}.{Environment.MachineName}.{Environment.ProcessId}.partial");
        string scheme = reference.Transport == ImageTransport.Oras ? "oras" : "docker";
        ProcessStartInfo info = new(_apptainer) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments = ["-q", "pull", "--force", "--disable-cache", partial, $"{scheme}://{resolved.Host}/{resolved.Repository}@{resolved.Digest}"];
        foreach (string argument in resolved.IsPlain ? [.. arguments[..4], "--no-https", .. arguments[4..]] : arguments)
        {
            info.ArgumentList.Add(argument);
        }

        ApptainerTools.CleanEnvironment(info.Environment);
        if (account is not null)
        {
            info.Environment["APPTAINER_DOCKER_USERNAME"] = account.User;
            info.Environment["APPTAINER_DOCKER_PASSWORD"] = account.Password;
        }

        try
        {
            await RunAsync(info, cancellationToken);
            File.Move(partial, path, overwrite: true);
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

    private string PathOf(string digest) => Path.Combine(_directory, $"{digest.Replace(':', '-')}.sif");

    // Names have characters that file names cannot have; their hash has none.
    private string NamePathOf(ImageReference reference) => Path.Combine(
        _directory, "names", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference.FullName))));

    private string? ReadName(ImageReference reference)
    {
        string path = NamePathOf(reference);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private void WriteName(ImageReference reference, string digest)
    {
        string path = NamePathOf(reference);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string partial = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.MachineName}.{Environment.ProcessId}");
        File.WriteAllText(partial, digest);
        File.Move(partial, path, overwrite: true);
    }
}
