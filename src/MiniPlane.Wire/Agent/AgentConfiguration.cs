using System.Text.Json;

namespace MiniPlane.Wire.Agent;

/// <summary>
/// What an agent is started with: the file <c>agent.json</c> (0600) in its pod's directory, written by the control plane before the
/// job is submitted. Everything else it learns over its stream.
/// </summary>
public sealed record AgentConfiguration
{
    public const string FileName = "agent.json";

    /// <summary>
    /// The file beside it (0600) that says what the pod and the site were when the job was submitted: a PodAssignment without objects,
    /// tokens and addresses. By it an agent may make ready what it can undo. What it runs is what it is assigned.
    /// </summary>
    public const string ForeseenFileName = "foreseen";

    /// <summary>The control plane's addresses (<c>https://host:port</c>), tried in this order. Rewritten when it moves to another host.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>The cluster's certificate authority, PEM: the only one that is trusted.</summary>
    public required string CaCertificate { get; init; }

    /// <summary>The bearer token of this one pod.</summary>
    public required string Token { get; init; }

    public required string PodUid { get; init; }

    /// <summary>The pod's directory on the shared file system: logs, volumes, status.json.</summary>
    public required string PodDirectory { get; init; }

    public AgentSettings Settings { get; set; } = new();

    /// <summary>Reads the file; <see cref="JsonException"/> when it is not one.</summary>
    public static AgentConfiguration Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonSerializer.Deserialize(file, AgentConfigurationJson.Default.AgentConfiguration)
            ?? throw new JsonException("the agent's configuration is empty");
    }

    /// <summary>Writes the file, readable by its owner only, in one step: an agent may read it at any time.</summary>
    public void Save(string path)
    {
        string part = path + ".new";
        using (FileStream file = new(part, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, this, AgentConfigurationJson.Default.AgentConfiguration);
        }

        File.Move(part, path, overwrite: true);
    }
}
