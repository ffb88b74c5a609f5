using System.Net;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>Images from registries as sites have them: with TLS of the site's own authority, accounts, mirrors, and without TLS.</summary>
public sealed class RegistryTests(RegistryTests.OwnCluster cluster) : IClassFixture<RegistryTests.OwnCluster>
{
    private RigSettings Rig => cluster.Rig;

    /// <summary>The images of the cluster, on the shared file system.</summary>
    private string Cache => Path.Combine(cluster.ControlPlane.Directory, "data", "images", "x64");

    [Fact]
    public async Task A_private_image_is_pulled_with_the_account_of_the_pod_or_of_its_service_account()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await AddAccountAsync(kubectl, "account", "open sesame");
        string image = $"{Rig.SecureRegistry}/miniplane/busybox:1";

        await kubectl.ApplyAsync(Pod("own", image, "imagePullSecrets: [{name: account}]"));
        await kubectl.OkAsync("patch", "serviceaccount", "default", "-p", """{"imagePullSecrets":[{"name":"account"}]}""");
        await kubectl.ApplyAsync(Pod("granted", image));

        await SucceedAsync(kubectl, "own", "granted");
    }

    [Fact]
    public async Task An_account_that_is_refused_or_missing_is_told_without_its_password_and_one_that_comes_later_is_used()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        const string Wrong = "close-barley-17";
        await AddAccountAsync(kubectl, "wrong", Wrong);
        string image = $"{Rig.SecureRegistry}/miniplane/busybox:2";

        await kubectl.ApplyAsync(Pod("refused", image, "imagePullSecrets: [{name: wrong}]") + Pod("missing", image, "imagePullSecrets: [{name: late}]"));
        await kubectl.ShowsAsync("FailedToRetrieveImagePullSecret", "describe", "pod", "missing");
        await kubectl.ShowsAsync($"no account for {Rig.SecureRegistry} among the pod's imagePullSecrets", "describe", "pod", "missing");
        await AddAccountAsync(kubectl, "late", "open sesame");
        await kubectl.FieldIsAsync("pod", "refused", ".status.containerStatuses[0].state.waiting.reason", "ImagePullBackOff");
        string told = await kubectl.OkAsync("get", "pod,events", "-o", "json");
        CommandResult written = await Rig.RunAsync("grep", "-rlF", Wrong, Path.Combine(cluster.ControlPlane.Directory, "data", "pods"), Path.Combine(cluster.ControlPlane.Directory, "miniplane.log"));

        Assert.Contains($"{Rig.SecureRegistry} refuses the account of the pod's imagePullSecrets", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, told, StringComparison.Ordinal);
        Assert.Equal("", written.Output);
        await SucceedAsync(kubectl, "missing");
    }

    [Fact]
    public async Task A_mirror_comes_first_and_either_of_it_and_its_registry_may_be_down()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string name = await PushAsync("mirrored");
        await AddAccountAsync(kubectl, "account", "open sesame");
        int before = cluster.Plain.Connections;

        await kubectl.ApplyAsync(
            Pod("both", $"localhost:{cluster.Plain.Port}/{name}:1", "imagePullSecrets: [{name: account}]")
            + Pod("nowhere", $"{OwnCluster.Away}/miniplane/busybox:1")
            + Pod("unmirrored", $"{cluster.Unmirrored}/miniplane/busybox:1"));
        await SucceedAsync(kubectl, "both", "nowhere", "unmirrored");

        Assert.Equal(before, cluster.Plain.Connections);
        Assert.NotEmpty(await AskedAsync(name));
        Assert.StartsWith($"{OwnCluster.Away}/miniplane/busybox@sha256:", await kubectl.FieldAsync("pod", "nowhere", ".status.containerStatuses[0].imageID"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_content_is_one_file_whichever_name_and_digest_it_is_asked_for_by_and_without_TLS_where_the_site_allows_it()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string digest = "";
        string name = await PushAsync("shared", seen => digest = seen);
        string plain = $"{cluster.Host}:{cluster.Plain.Port}/{name}";

        await kubectl.ApplyAsync(Pod("digest", $"{plain}@{digest}") + Pod("tag", $"{plain}:1") + Pod("other", $"{Rig.Registry}/{name}:1@{digest}"));
        await SucceedAsync(kubectl, "digest", "tag", "other");

        foreach (string pod in (string[])["digest", "tag", "other"])
        {
            Assert.EndsWith($"/{name}@{digest}", await kubectl.FieldAsync("pod", pod, ".status.containerStatuses[0].imageID"), StringComparison.Ordinal);
        }

        Assert.Single(Directory.GetFiles(Cache, $"{digest.Replace(':', '-')}*"));
    }

    [Fact]
    public async Task A_SIF_that_a_registry_keeps_is_run_as_it_is()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string name = $"sifs/{Guid.NewGuid():n}";
        (await Rig.RunAsync("apptainer", "push", "--allow-unsigned", "--no-https", Rig.ImageFile, $"oras://{Rig.Registry}/{name}:1")).OrFail();
        await AddAccountAsync(kubectl, "account", "open sesame");

        await kubectl.ApplyAsync(Pod("sif", $"oras://{Rig.SecureRegistry}/{name}:1", "imagePullSecrets: [{name: account}]"));
        await SucceedAsync(kubectl, "sif");

        Assert.Equal("hello from a file\n", await kubectl.OkAsync("logs", "sif"));
    }

    [Fact]
    public async Task Many_jobs_that_want_an_image_at_once_have_it_pulled_once()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string name = await PushAsync("wanted");
        await AddAccountAsync(kubectl, "account", "open sesame");

        await kubectl.ApplyAsync($$"""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: many}
            spec:
              completions: 8
              parallelism: 8
              template:
                spec:
                  restartPolicy: Never
                  imagePullSecrets: [{name: account}]
                  containers: [{name: main, image: "{{Rig.SecureRegistry}}/{{name}}:1", command: ["true"]}]
            """);
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/many", "--timeout=120s");

        string[] blobs = [.. (await AskedAsync(name)).Where(line => line.Contains("GET", StringComparison.Ordinal) && line.Contains("/blobs/", StringComparison.Ordinal))];
        Assert.NotEmpty(blobs);
        Assert.Equal(blobs.Length, blobs.Select(line => line.Split("/blobs/")[1].Split(' ')[0]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Images_that_no_pod_uses_make_room_for_new_ones()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string[] digests = ["", "", ""];
        string[] images = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => $"{Rig.Registry}/{await PushAsync("space", seen => digests[i] = seen)}:1"))];
        await kubectl.ApplyAsync(Pod("done", images[0]) + Pod("user", images[1], command: "echo on; sleep 600"));
        await SucceedAsync(kubectl, "done");
        await kubectl.ShowsAsync("on", "logs", "user");

        // As if an hour had gone by: kubelet too leaves alone what was used within two minutes.
        (await Rig.RunAsync("find", Path.Combine(Cache, "uses"), "-mindepth", "1", "-maxdepth", "1", "-exec", "touch", "-d", "1 hour ago", "{}", "+")).OrFail();
        await kubectl.ApplyAsync(Pod("next", images[2]));
        await SucceedAsync(kubectl, "next");

        Assert.Equal([false, true, true], digests.Select(digest => File.Exists(Path.Combine(Cache, $"{digest.Replace(':', '-')}.sif"))));
        Assert.Equal("works\n", await kubectl.OkAsync("exec", "user", "--", "echo", "works"));
        await kubectl.OkAsync("delete", "pod", "user", "--now", "--wait=false");
    }

    private static async Task SucceedAsync(Kubectl kubectl, params string[] pods)
    {
        foreach (string pod in pods)
        {
            await kubectl.FieldIsAsync("pod", pod, ".status.phase", "Succeeded");
        }
    }

    private Task<string> AddAccountAsync(Kubectl kubectl, string name, string password) => kubectl.OkAsync(
        "create", "secret", "docker-registry", name, $"--docker-server={Rig.SecureRegistry}", "--docker-username=puller", $"--docker-password={password}");

    /// <summary>An image that nobody has pulled yet: its repository.</summary>
    private async Task<string> PushAsync(string kind, Action<string>? digest = null)
    {
        string name = $"images/{kind}-{Guid.NewGuid().ToString("n")[..8]}";
        string seen = (await Command.RunAsync(Path.Combine(Rig.Repository, "tests/rig/image.sh"), [$"{name}:1", "--text", name, "--registry", Rig.Registry])).OrFail();
        digest?.Invoke(seen.Trim());
        return name;
    }

    /// <summary>What the registry with TLS was asked about a repository.</summary>
    private async Task<string[]> AskedAsync(string repository) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(Rig.SecureRegistryFiles, "log"))).Where(line => line.Contains($"/v2/{repository}/", StringComparison.Ordinal) && line.Contains("\" 200 ", StringComparison.Ordinal))];

    private static string Pod(string name, string image, string more = "", string command = "cat /www/index.html") => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          {{more}}
          containers: [{name: main, image: "{{image}}", imagePullPolicy: Always, command: [sh, -c, "{{command}}"]}]

        """;

    /// <summary>A cluster of a site that has settings for its registries.</summary>
    public sealed class OwnCluster : IAsyncLifetime
    {
        /// <summary>A registry that is down, and has a mirror.</summary>
        public const string Away = "127.0.0.1:1";

        private RigSettings? _rig;
        private ControlPlaneProcess? _controlPlane;
        private TcpRelay? _plain;

        internal RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

        internal ControlPlaneProcess ControlPlane => _controlPlane ?? throw new InvalidOperationException("not initialized");

        /// <summary>The registry without TLS, under names that are not a loopback's too.</summary>
        internal TcpRelay Plain => _plain ?? throw new InvalidOperationException("not initialized");

        /// <summary>A name of this host that is not a loopback's.</summary>
        internal string Host => Rig.SecureRegistry.Split(':')[0];

        /// <summary>A registry whose mirror is down.</summary>
        internal string Unmirrored => Rig.Registry.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        public async Task InitializeAsync()
        {
            _rig = await RigSettings.LoadAsync();
            _plain = new TcpRelay(new Uri($"http://{Rig.Registry}").Port, IPAddress.Any);
            string site = Path.Combine(Rig.Work, $"site-{Guid.NewGuid():n}.yaml");
            (string file, string[] arguments) = Rig.AsOrdinaryUser("sh", "-c", $"cat > {site}");
            (await Command.RunAsync(file, arguments, $$"""
                registryAuthorities: [{{Rig.SecureRegistryFiles}}/ca.pem]
                insecureRegistries: ["{{Host}}:{{Plain.Port}}"]
                registryMirrors:
                  "localhost:{{Plain.Port}}": {{Rig.SecureRegistry}}
                  "{{Away}}": http://{{Rig.Registry}}
                  "{{Unmirrored}}": http://{{Away}}
                imageCacheSize: 1Mi
                """)).OrFail();
            _controlPlane = new ControlPlaneProcess(Rig, program: null, ["--backend", "slurm", "--site", site]);
            await _controlPlane.StartAsync();
        }

        public async Task DisposeAsync()
        {
            if (_controlPlane is not null)
            {
                await _controlPlane.DisposeAsync();
            }

            if (_plain is not null)
            {
                await _plain.DisposeAsync();
            }
        }

        internal async Task<Kubectl> NewNamespaceAsync()
        {
            var kubectl = new Kubectl(Rig, ControlPlane.Kubeconfig, $"t-{Guid.NewGuid().ToString("n")[..8]}", Kubectl.Newest);
            await kubectl.OkAsync("create", "namespace", kubectl.Namespace);
            return kubectl;
        }
    }
}
