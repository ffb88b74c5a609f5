using System.Net;
using System.Text.Json;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>What slurmrestd said, or why nothing was heard.</summary>
internal sealed class RestAnswer : IDisposable
{
    private const HttpStatusCode NoStatus = default;
    private readonly JsonDocument? _document;

    private RestAnswer(JsonDocument? document, HttpStatusCode status, string complaint, bool isAnswer)
    {
        _document = document;
        Status = status;
        Complaint = complaint;
        IsAnswer = isAnswer;
    }

    public JsonElement Root => _document?.RootElement ?? default;

    public HttpStatusCode Status { get; }

    /// <summary>Slurm's words for what is wrong; empty when nothing is.</summary>
    public string Complaint { get; }

    public bool Succeeded => IsAnswer && Complaint.Length == 0 && (int)Status is >= 200 and < 300;

    /// <summary>Whether Slurm itself has spoken. If not, nothing may be concluded about any job.</summary>
    public bool IsAnswer { get; }

    public static RestAnswer NoAnswer(string why) => new(null, NoStatus, why, isAnswer: false);

    public static RestAnswer Of(JsonDocument document, HttpStatusCode status)
    {
        string[] errors = [.. RestValue.List(document.RootElement, "errors").Select(Say).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)];
        string complaint = errors.Length > 0 ? string.Join("; ", errors)
            : (int)status is >= 200 and < 300 ? ""
            : $"slurmrestd answers with status {(int)status}";
        bool isAnswer = (errors.Length > 0 || complaint.Length == 0) && !SlurmFailures.IsNoAnswer(complaint);
        return new RestAnswer(document, status, complaint, isAnswer);
    }

    public void Dispose() => _document?.Dispose();

    private static string Say(JsonElement error)
    {
        string what = RestValue.Text(error, "error");
        string more = RestValue.Text(error, "description");
        return what.Length == 0 || more.Contains(what, StringComparison.OrdinalIgnoreCase) ? more
            : more.Length == 0 ? what
            : $"{more}: {what}";
    }
}
