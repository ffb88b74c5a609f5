namespace MiniPlane.Doctor;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Severity">What it means.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">The exact thing to do; empty when all is well.</param>
internal sealed record Finding(string Check, Severity Severity, string Message, string Fix)
{
    public static Finding Fine(string check, string message) => new(check, Severity.Fine, message, "");

    public static Finding Weak(string check, string message, string fix) => new(check, Severity.Weak, message, fix);

    public static Finding Broken(string check, string message, string fix) => new(check, Severity.Broken, message, fix);
}
