using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Agent.Variables;

namespace MiniPlane.Agent.Tests.Variables;

public sealed class ContainerVariablesTests
{
    private static readonly (string, string, string) Map = ("ConfigMap", "conf", """{"data":{"color":"red","size":"1"}}""");
    private static readonly (string, string, string) Secret = ("Secret", "pass", """{"data":{"word":"c2VjcmV0"}}""");

    [Fact]
    public void Env_wins_over_envFrom_and_both_over_services()
    {
        IReadOnlyDictionary<string, string> made = Make(
            """ "envFrom":[{"prefix":"C_","configMapRef":{"name":"conf"}},{"secretRef":{"name":"pass"}}],"env":[{"name":"C_size","value":"2"},{"name":"DB_SERVICE_HOST","value":"x"}] """);

        Assert.Equal(("red", "2", "secret", "x"), (made["C_color"], made["C_size"], made["word"], made["DB_SERVICE_HOST"]));
    }

    [Fact]
    public void Values_refer_to_earlier_variables_and_services()
    {
        IReadOnlyDictionary<string, string> made = Make(
            """ "env":[{"name":"A","value":"$(B) $(DB_SERVICE_HOST)"},{"name":"B","value":"b"},{"name":"C","value":"$(B)$(A)"}] """);

        Assert.Equal(("$(B) db.default.svc", "b$(B) db.default.svc"), (made["A"], made["C"]));
    }

    [Theory]
    [InlineData(""" "configMapKeyRef":{"name":"none","key":"k"} """, "configmap \"none\" not found")]
    [InlineData(""" "secretKeyRef":{"name":"pass","key":"k"} """, "couldn't find key k in Secret default/pass")]
    public void What_is_missing_is_named_in_kubelets_words(string source, string message)
    {
        VariableException error = Assert.Throws<VariableException>(() => Make("\"env\":[{\"name\":\"A\",\"valueFrom\":{" + source + "}}]"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void What_is_optional_may_be_missing() => Assert.DoesNotContain(
        "A", Make(""" "env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"none","key":"k","optional":true}}}] """));

    [Theory]
    [InlineData("limits.cpu", "1", "2")]
    [InlineData("requests.cpu", "1m", "250")]
    [InlineData("limits.memory", "1Mi", "1024")]
    [InlineData("requests.memory", "1", "0")]
    public void Resources_are_divided_and_rounded_up(string resource, string divisor, string expected)
    {
        IReadOnlyDictionary<string, string> made = Make($$$"""
            "resources":{"limits":{"cpu":"1500m"},"requests":{"cpu":"250m"}},
            "env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"{{{resource}}}","divisor":"{{{divisor}}}" } } }]
            """);

        Assert.Equal(expected, made["A"]);
    }

    [Theory]
    [InlineData("metadata.name", "web")]
    [InlineData("metadata.labels['b']", "2")]
    [InlineData("metadata.labels", "a=\"say \\\"1\\\"\"\nb=\"2\"")]
    [InlineData("status.podIP", "10.1.0.7")]
    [InlineData("status.hostIP", "10.0.0.1")]
    public void Fields_of_the_pod_are_known(string path, string expected) =>
        Assert.Equal(expected, FieldReferences.Field(Contexts.Make("{}"), path));

    [Fact]
    public void A_variable_may_be_in_a_file_that_an_earlier_container_has_written()
    {
        string volume = Directory.CreateTempSubdirectory("mp-env").FullName;
        File.WriteAllText(Path.Combine(volume, "made.env"), "KEY='from a file'\n");
        const string Source = "{\"name\":\"A\",\"valueFrom\":{\"fileKeyRef\":{\"volumeName\":\"work\",\"path\":\"PATH\",\"key\":\"NAME\",\"optional\":OPTIONAL}}}";
        string Env(string path, string key, string optional) =>
            $"\"env\":[{Source.Replace("PATH", path, StringComparison.Ordinal).Replace("NAME", key, StringComparison.Ordinal).Replace("OPTIONAL", optional, StringComparison.Ordinal)}]";

        Assert.Equal("from a file", Make(Env("made.env", "KEY", "false"), _ => volume)["A"]);
        Assert.False(Make(Env("none.env", "KEY", "true"), _ => volume).ContainsKey("A"));
        Assert.False(Make(Env("made.env", "OTHER", "true"), _ => volume).ContainsKey("A"));
        Assert.Throws<VariableException>(() => Make(Env("made.env", "OTHER", "false"), _ => volume));
        Assert.Throws<VariableException>(() => Make(Env("../etc/passwd", "KEY", "false"), _ => volume));
        Directory.Delete(volume, recursive: true);
    }

    private static IReadOnlyDictionary<string, string> Make(string container, Func<string, string?>? volume = null)
    {
        PodContext context = Contexts.Make("{\"containers\":[{\"name\":\"main\"," + container + "}]}", Map, Secret);
        return ContainerVariables.Make(context, context.Pod.Spec.Containers[0], volume ?? (static _ => null));
    }
}
