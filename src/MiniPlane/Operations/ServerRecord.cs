using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Operations;

/// <summary>
/// <c>server.json</c> in the data directory (0600): how the last start was made, so that other commands find the server from any host
/// that sees the directory, and can do without it what it would have done.
/// </summary>
internal sealed record ServerRecord
{
    public const string FileName = "server.json";

    public required string Host { get; init; }

    public required int Pid { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required string Version { get; init; }

    /// <summary>Where it is reached, best first.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The backend that was chosen.</summary>
    public required string Backend { get; init; }

    /// <summary>The settings that came from flags or the environment, which a later command does not have.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public static ServerRecord? Load(string dataDirectory)
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

    public void Save(string dataDirectory) => PrivateFile.Write(Path.Combine(dataDirectory, FileName), ToJson().ToJsonString());

    private static ServerRecord? From(JsonObject json) =>
        json.Text("host") is { } host
        && DateTimeOffset.TryParse(json.Text("started"), CultureInfo.InvariantCulture, out DateTimeOffset started)
            ? new ServerRecord
            {
                Host = host,
                Pid = (int)(json.Integer("pid") ?? 0),
                Started = started,
                Version = json.TextOrEmpty("version"),
                Urls = [.. json.Texts("urls")],
                Backend = json.TextOrEmpty("backend"),
                Settings = json.TextMap("settings"),
            }
            : null;

    private JsonObject ToJson() => new()
    {
        ["host"] = Host,
        ["pid"] = Pid,
        ["started"] = Started.ToString("O", CultureInfo.InvariantCulture),
        ["version"] = Version,
        ["urls"] = new JsonArray([.. Urls.Select(url => (JsonNode)JsonValue.Create(url)!)]),
        ["backend"] = Backend,
        ["settings"] = new JsonObject(Settings.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
    };
}
