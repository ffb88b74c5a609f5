using MiniPlane.Connection;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class KubeconfigMergeTests : IDisposable
{
    private const string Ours = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: miniplane
          cluster: {server: "https://127.0.0.1:6443"}
        users:
        - name: kubernetes-admin
          user: {client-key-data: QUJD}
        contexts:
        - name: miniplane
          context:
            cluster: miniplane
            user: kubernetes-admin
        current-context: miniplane
        """;

    private const string Theirs = """
        # written by hand
        apiVersion: v1
        kind: Config
        preferences: {colors: true}
        clusters:
        - name: prod
          cluster: {server: "https://prod:6443"}
        users:
        - name: me
          user: {token: "0123"}
        contexts:
        - name: prod
          context: {cluster: prod, user: me}
        current-context: prod
        """;

    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-merge-").FullName;

    private string Target => Path.Combine(_home, "config");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void What_was_there_stays_and_the_cluster_is_added_under_its_own_names()
    {
        File.WriteAllText(Target, Theirs);

        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);

        string merged = File.ReadAllText(Target);
        Assert.All(
            (string[])["https://prod:6443", "colors: true", "\"0123\"", "https://127.0.0.1:6443", "name: mine", "current-context: mine"],
            part => Assert.Contains(part, merged, StringComparison.Ordinal));
        Assert.DoesNotContain("kubernetes-admin", merged, StringComparison.Ordinal);
        Assert.DoesNotContain("...", merged, StringComparison.Ordinal);
    }

    [Fact]
    public void Again_is_the_same_as_once()
    {
        File.WriteAllText(Target, Theirs);
        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);
        string once = File.ReadAllText(Target);

        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);

        Assert.Equal(once, File.ReadAllText(Target));
    }

    [Fact]
    public void The_current_context_is_kept_when_asked_but_set_where_there_is_none()
    {
        File.WriteAllText(Target, Theirs);
        string empty = Path.Combine(_home, "deep", "config");

        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: false);
        KubeconfigMerge.Into(empty, Ours, "mine", setsCurrent: false);

        Assert.Contains("current-context: prod", File.ReadAllText(Target), StringComparison.Ordinal);
        Assert.Contains("current-context: mine", File.ReadAllText(empty), StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_that_the_user_chose_for_the_context_stays()
    {
        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);
        File.WriteAllText(Target, File.ReadAllText(Target).Replace("    user: mine", "    user: mine\n    namespace: work", StringComparison.Ordinal));

        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);

        Assert.Contains("namespace: work", File.ReadAllText(Target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Pod\n")]
    [InlineData("- a\n- list\n")]
    [InlineData("clusters: [unclosed\n")]
    [InlineData("kind: Config\nclusters: text\n")]
    public void A_file_that_is_no_kubeconfig_is_left_as_it_is(string text)
    {
        File.WriteAllText(Target, text);

        Assert.Throws<CommandFailure>(() => KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true));

        Assert.Equal(text, File.ReadAllText(Target));
    }

    [Fact]
    public void It_is_written_for_its_owner_only_and_a_link_stays_a_link()
    {
        string real = Path.Combine(_home, "real");
        File.WriteAllText(real, Theirs);
        File.CreateSymbolicLink(Target, real);

        KubeconfigMerge.Into(Target, Ours, "mine", setsCurrent: true);

        Assert.Equal(real, File.ResolveLinkTarget(Target, returnFinalTarget: true)?.FullName);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(real));
        Assert.Contains("name: mine", File.ReadAllText(real), StringComparison.Ordinal);
    }
}
