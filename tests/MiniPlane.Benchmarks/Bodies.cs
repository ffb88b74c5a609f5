using System.Globalization;
using System.Text;

namespace MiniPlane.Benchmarks;

/// <summary>Objects of a realistic size.</summary>
internal static class Bodies
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("performance tells the truth; ", 36));

    /// <summary>A ConfigMap of about 1.2 KB.</summary>
    public static string ConfigMap(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"config-{{{number}}}","labels":{"app":"bench"}},"data":{"settings":"{{{Text}}}"}}""");

    /// <summary>A Pod of about 2.4 KB as its author writes it; it is scheduled by nobody, so that it stays as it is.</summary>
    public static string Pod(int number)
    {
        var environment = new StringBuilder();
        for (int i = 0; i < 24; i++)
        {
            environment.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{{\"name\":\"SETTING_{i}\",\"value\":\"value of setting {i}\"}}");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-{{{number}}}","labels":{"app":"bench","group":"g{{{number % 100}}}"},
            "annotations":{"note":"{{{Text[..400]}}}"}},"spec":{"schedulerName":"nobody","containers":[{"name":"main","image":"registry.example.org/team/app:1.2.3",
            "command":["/bin/app","--serve"],"ports":[{"name":"http","containerPort":8080}],"env":[{{{environment}}}],
            "resources":{"requests":{"cpu":"500m","memory":"256Mi"},"limits":{"cpu":"1","memory":"512Mi"}},
            "readinessProbe":{"httpGet":{"path":"/ready","port":"http"}},"volumeMounts":[{"name":"data","mountPath":"/data"}]}],
            "volumes":[{"name":"data","emptyDir":{}}]}}
            """);
    }
}
