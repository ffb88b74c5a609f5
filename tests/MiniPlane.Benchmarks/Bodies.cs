using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>Objects of a realistic size.</summary>
internal static class Bodies
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("performance tells the truth; ", 36));

    private static readonly string Note = Text[..400];

    private static readonly string Environment = MakeEnvironment();

    /// <summary>A ConfigMap of about 1.2 KB.</summary>
    public static string ConfigMap(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"config-{{{number}}}","labels":{"app":"bench"}},"data":{"settings":"{{{Text}}}"}}""");

    /// <summary>A Secret of about 1 KB.</summary>
    public static string Secret(string prefix, int number, string label) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{{prefix}}}-{{{number}}}","labels":{"app":"{{{label}}}"}},"stringData":{"settings":"{{{Text[..600]}}}"}}""");

    /// <summary>A Pod of about 2.4 KB as its author writes it; it is scheduled by nobody, so that it stays as it is.</summary>
    public static string Pod(int number) => Pod(number, "", Note);

    /// <summary>The same as an apply configuration, of which a label and an annotation change from round to round.</summary>
    public static string AppliedPod(int number, int round) => Pod(
        number,
        string.Create(CultureInfo.InvariantCulture, $",\"round\":\"r{round}\""),
        string.Create(CultureInfo.InvariantCulture, $"{Note} {round}"));

    private static string Pod(int number, string labels, string note) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-{{{number}}}","labels":{"app":"bench","group":"g{{{number % 100}}}"{{{labels}}}},
        "annotations":{"note":"{{{note}}}"}},"spec":{"schedulerName":"nobody","containers":[{"name":"main","image":"registry.example.org/team/app:1.2.3",
        "command":["/bin/app","--serve"],"ports":[{"name":"http","containerPort":8080}],"env":[{{{Environment}}}],
        "resources":{"requests":{"cpu":"500m","memory":"256Mi"},"limits":{"cpu":"1","memory":"512Mi"}},
        "readinessProbe":{"httpGet":{"path":"/ready","port":"http"}},"volumeMounts":[{"name":"data","mountPath":"/data"}]}],
        "volumes":[{"name":"data","emptyDir":{}}]}}
        """);

    private static string MakeEnvironment() => string.Join(',', Enumerable.Range(0, 18).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"{{\"name\":\"SETTING_{i}\",\"value\":\"value of setting {i} of this program\"}}")));
}
