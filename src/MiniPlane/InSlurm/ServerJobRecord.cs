using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Operations;

namespace MiniPlane.InSlurm;

/// <summary>
/// <c>in-slurm.json</c> in the data directory (0600): the job that is the server, the one that follows it, and all that is needed to
/// submit another.
/// </summary>
internal sealed record ServerJobRecord
{
    private const string FileName = "in-slurm.json";

    public required string JobId { get; init; }

    /// <summary>Empty while none is submitted.</summary>
    public string SuccessorId { get; init; } = "";

    /// <summary>The host that runs the server; empty until it is ready.</summary>
    public string Host { get; init; } = "";

    /// <summary>The job that <see cref="Host"/> belongs to.</summary>
    public string ReadyJobId { get; init; } = "";

    public required string Script { get; init; }

    public required string WorkingDirectory { get; init; }

    public required string TimeLimit { get; init; }

    public static ServerJobRecord? Load(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        try
        {
            return File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject json ? From(json) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static void Remove(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, FileName));

    public void Save(string dataDirectory) => PrivateFile.Write(
        Path.Combine(dataDirectory, FileName),
        new JsonObject
        {
            ["jobId"] = JobId,
            ["successorId"] = SuccessorId,
            ["host"] = Host,
            ["readyJobId"] = ReadyJobId,
            ["script"] = Script,
            ["workingDirectory"] = WorkingDirectory,
            ["timeLimit"] = TimeLimit,
        }.ToJsonString());

    private static ServerJobRecord From(JsonObject json) => new()
    {
        JobId = json.TextOrEmpty("jobId"),
        SuccessorId = json.TextOrEmpty("successorId"),
        Host = json.TextOrEmpty("host"),
        ReadyJobId = json.TextOrEmpty("readyJobId"),
        Script = json.TextOrEmpty("script"),
        WorkingDirectory = json.TextOrEmpty("workingDirectory"),
        TimeLimit = json.TextOrEmpty("timeLimit"),
    };
}
