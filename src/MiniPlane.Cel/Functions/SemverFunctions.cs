using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Kubernetes' semver library.</summary>
internal static class SemverFunctions
{
    public static void Add(FunctionList list) => list
        .Add("semver(string) Semver", values => Parse((string)values[0]!, false))
        .Add("semver(string, bool) Semver", values => Parse((string)values[0]!, (bool)values[1]!))
        .Add("isSemver(string) bool", values => SemverValue.TryParse((string)values[0]!, false) is not null)
        .Add("isSemver(string, bool) bool", values => SemverValue.TryParse((string)values[0]!, (bool)values[1]!) is not null)
        .Add("Semver.major() int", values => (long)Of(values[0]).Major)
        .Add("Semver.minor() int", values => (long)Of(values[0]).Minor)
        .Add("Semver.patch() int", values => (long)Of(values[0]).Patch)
        .Add("Semver.isLessThan(Semver) bool", values => Of(values[0]).OrderTo(Of(values[1])) < 0)
        .Add("Semver.isGreaterThan(Semver) bool", values => Of(values[0]).OrderTo(Of(values[1])) > 0)
        .Add("Semver.compareTo(Semver) int", values => (long)Math.Sign(Of(values[0]).OrderTo(Of(values[1]))));

    private static SemverValue Parse(string text, bool isLenient) =>
        SemverValue.TryParse(text, isLenient) ?? throw new CelException($"invalid semantic version \"{text}\"");

    private static SemverValue Of(object? value) => (SemverValue)value!;
}
