using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// The pods' directories on the shared file system (0700): <c>agent.json</c> for the agent, and what it leaves behind. A pod's
/// token names its pod, so that a connection is known before it has said anything.
/// </summary>
internal sealed class PodFiles(WorkloadsOptions options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int TailBytes = 4096;

    public string DirectoryOf(string podUid) => Path.Combine(options.PodsDirectory, podUid);

    /// <summary>Makes the directory and agent.json; the token of an earlier attempt stays, since a job may hold it.</summary>
    public void Prepare(string podUid, string nodeName, bool allowHostRuntime, byte[]? foreseen, AgentNetwork? network = null)
    {
        string directory = DirectoryOf(podUid);
        Directory.CreateDirectory(options.PodsDirectory, OwnerOnly);
        Directory.CreateDirectory(directory, OwnerOnly);
        new AgentConfiguration
        {
            Endpoints = options.CurrentEndpoints,
            CaCertificate = options.CurrentCaCertificate,
            Token = ReadToken(podUid) ?? $"{podUid}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}",
            PodUid = podUid,
            PodDirectory = directory,
            Settings = new AgentSettings
            {
                ServerName = options.ServerName,
                NodeName = nodeName,
                AllowHostRuntime = allowHostRuntime,
                Network = network,
            },
        }.Save(ConfigurationOf(podUid));
        if (foreseen is not null)
        {
            using FileStream file = new(Path.Combine(directory, AgentConfiguration.ForeseenFileName), new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            file.Write(foreseen);
        }
    }

    /// <summary>
    /// Tells a pod's agent where the control plane is now, if that is not what it was told at its start; it looks when it has lost the
    /// connection.
    /// </summary>
    public void Readdress(string podUid)
    {
        try
        {
            if (File.Exists(ConfigurationOf(podUid))
                && AgentConfiguration.Load(ConfigurationOf(podUid)) is { } told
                && !told.Endpoints.SequenceEqual(options.CurrentEndpoints, StringComparer.Ordinal))
            {
                (told with { Endpoints = options.CurrentEndpoints }).Save(ConfigurationOf(podUid));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // On its way out, or never whole: its pod is given up or submitted again by other means.
        }
    }

    /// <summary>The uid of the pod whose token this is, or null.</summary>
    public string? Authenticate(string token)
    {
        int dot = token.IndexOf('.', StringComparison.Ordinal);
        string uid = dot < 0 ? "" : token[..dot];
        bool isUid = uid.Length is > 0 and < 100 && uid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        return isUid
            && ReadToken(uid) is { } expected
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token))
                ? uid
                : null;
    }

    /// <summary>The id that the job wrote down when it started, or null. It outlives everything but the directory.</summary>
    public string? ReadJobId(string podUid) => ReadText(Path.Combine(DirectoryOf(podUid), "job-id"))?.Trim() is { Length: > 0 } id ? id : null;

    /// <summary>The status that an agent left because nobody listened, or null.</summary>
    public JsonObject? ReadLastStatus(string podUid)
    {
        try
        {
            JsonNode? node = ReadText(Path.Combine(DirectoryOf(podUid), "status.json")) is { } text ? JsonNode.Parse(text) : null;
            return node as JsonObject;
        }
        catch (JsonException)
        {
            // Cut off in the middle by the end of the job: then it says nothing.
            return null;
        }
    }

    /// <summary>The end of what the job printed: why it failed before its agent could speak.</summary>
    public string ReadJobOutput(string podUid, string jobId)
    {
        string path = Path.Combine(DirectoryOf(podUid), $"slurm-{jobId}.out");
        string text = ReadText(path) ?? "";
        return (text.Length > TailBytes ? text[^TailBytes..] : text).Trim();
    }

    /// <summary>The uids that have a directory.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(options.PodsDirectory)
        ? [.. Directory.EnumerateDirectories(options.PodsDirectory).Select(path => Path.GetFileName(path))]
        : [];

    /// <summary>When something was last added to or removed from the pod's directory.</summary>
    public DateTimeOffset ChangedAt(string podUid) => new(Directory.GetLastWriteTimeUtc(DirectoryOf(podUid)), TimeSpan.Zero);

    /// <summary>Removes the directory; false when something in it could not be removed (yet).</summary>
    public bool Remove(string podUid)
    {
        try
        {
            if (Directory.Exists(DirectoryOf(podUid)))
            {
                Directory.Delete(DirectoryOf(podUid), recursive: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string ConfigurationOf(string podUid) => Path.Combine(DirectoryOf(podUid), AgentConfiguration.FileName);

    /// <summary>The network of the site that the pod's agent was told to join, which has its addresses from elsewhere; empty for its node's.</summary>
    public string ReadNetwork(string podUid) => ReadConfiguration(podUid)?.Settings.Network?.Name ?? "";

    private string? ReadToken(string podUid) => ReadConfiguration(podUid)?.Token;

    private AgentConfiguration? ReadConfiguration(string podUid)
    {
        try
        {
            return File.Exists(ConfigurationOf(podUid)) ? AgentConfiguration.Load(ConfigurationOf(podUid)) : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            // Half written by a process that was killed: it never belonged to a job.
            return null;
        }
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
