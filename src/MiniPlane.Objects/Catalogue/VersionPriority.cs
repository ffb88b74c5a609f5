using System.Globalization;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// Orders API versions as Kubernetes prefers them: stable before beta before alpha, newer before older, anything else last
/// and by its letters (k8s.io/apimachinery/pkg/version, CompareKubeAwareVersionStrings).
/// </summary>
public sealed class VersionPriority : IComparer<string>
{
    public static readonly VersionPriority Comparer = new();

    private VersionPriority()
    {
    }

    public int Compare(string? x, string? y)
    {
        (int Stage, int Major, int Minor)? left = Parse(x ?? "");
        (int Stage, int Major, int Minor)? right = Parse(y ?? "");
        if (left is { } first && right is { } second)
        {
            return second.CompareTo(first);
        }

        return left is null && right is null ? string.CompareOrdinal(x, y) : left is null ? 1 : -1;
    }

    private static (int Stage, int Major, int Minor)? Parse(string version)
    {
        if (!version.StartsWith('v'))
        {
            return null;
        }

        (int stage, string word) = version.Contains("alpha", StringComparison.Ordinal) ? (0, "alpha")
            : version.Contains("beta", StringComparison.Ordinal) ? (1, "beta")
            : (2, "");
        string[] numbers = word.Length == 0 ? [version[1..], "0"] : version[1..].Split(word);
        return numbers.Length == 2 && TryNumber(numbers[0], out int major) && TryNumber(numbers[1], out int minor)
            ? (stage, major, minor)
            : null;
    }

    // v1beta1 is a version; v1beta is not, except that the second number of a stable version is given as zero above.
    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
