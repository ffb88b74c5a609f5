using System.Text.Json.Nodes;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Turns a submission into the body of <c>job/submit</c>, in the shape of a version; pure but for the environment.</summary>
internal static class RestJobDescription
{
    /// <param name="flags">What is asked for.</param>
    /// <param name="isTyped">The shape.</param>
    /// <returns>Why it cannot be asked for by slurmrestd, or empty.</returns>
    public static string Refusal(FlagSet flags, bool isTyped)
    {
        var scratch = new JsonObject { ["environment"] = new JsonArray() };
        List<string> unsayable = [];
        foreach (SbatchFlag flag in flags.Flags)
        {
            try
            {
                if (RestOptions.Find(flag.Name, isTyped) is { } say)
                {
                    say(scratch, flag.Value ?? "");
                }
                else
                {
                    unsayable.Add($"--{flag.Name}");
                }
            }
            catch (FormatException exception)
            {
                unsayable.Add($"--{flag.Name}={flag.Value} ({exception.Message})");
            }
        }

        return unsayable.Count == 0 ? "" : $"slurmrestd of this version cannot be asked for {string.Join(", ", unsayable)}; by Slurm's commands it can";
    }

    /// <summary>The body; what <see cref="Refusal"/> finds must not be there.</summary>
    public static JsonObject Make(SlurmSubmission submission, FlagSet flags, RestVersions versions, IReadOnlyDictionary<string, string> environment)
    {
        var job = new JsonObject
        {
            ["current_working_directory"] = submission.Directory,
            ["environment"] = versions.IsTyped
                ? new JsonArray([.. environment.Select(pair => (JsonNode)JsonValue.Create($"{pair.Key}={pair.Value}"))])
                : new JsonObject([.. environment.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))]),
        };
        foreach (SbatchFlag flag in flags.Flags)
        {
            RestOptions.Find(flag.Name, versions.IsTyped)?.Invoke(job, flag.Value ?? "");
        }

        if (!versions.IsTyped)
        {
            return new JsonObject { ["script"] = ScriptWarning.Add(submission.Script, flags.Find("signal") ?? "", flags.Find("time") ?? ""), ["job"] = job };
        }

        job["script"] = submission.Script;
        var body = new JsonObject { ["job"] = job };
        if (versions.Number == RestVersions.Typed)
        {
            // The first of the typed versions wants it where the one before had it.
            body["script"] = submission.Script;
        }

        return body;
    }
}
