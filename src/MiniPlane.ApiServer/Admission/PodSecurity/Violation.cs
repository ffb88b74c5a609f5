namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>One rule that a pod breaks.</summary>
internal sealed record Violation(string Reason, string Detail)
{
    /// <summary>All of them in one line, as refusals and warnings say it.</summary>
    public static string Text(IEnumerable<Violation> violations) => string.Join(
        ", ", violations.Select(one => one.Detail.Length > 0 ? $"{one.Reason} ({one.Detail})" : one.Reason));

    public static string Reasons(IEnumerable<Violation> violations) => string.Join(", ", violations.Select(one => one.Reason));
}
