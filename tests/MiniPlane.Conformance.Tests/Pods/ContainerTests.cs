using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>What a pod's containers see, told by themselves through their logs.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ContainerTests(Cluster cluster)
{
    [Fact]
    public async Task Environment_and_volumes_come_from_where_the_pod_says()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync("create", "configmap", "plain", "--from-literal=colour=red");
        await kubectl.OkAsync("create", "secret", "generic", "hidden", "--from-literal=word=open sesame");

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: reader, labels: {app: reader} }
            spec:
              restartPolicy: Never
              initContainers:
              - {name: first, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'echo from init > /shared/note'], volumeMounts: [{name: shared, mountPath: /shared}]}
              containers:
              - name: main
                image: {{cluster.Rig.ImageFile}}
                workingDir: /www
                command: [sh, -c, 'echo "$POD/$COLOUR/$WORD/$(GREETING)"; pwd; cat /shared/note /config/colour; echo; cat /secret/word; echo; cat index.html']
                env:
                - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name} } }
                - {name: COLOUR, valueFrom: {configMapKeyRef: {name: plain, key: colour} } }
                - {name: WORD, valueFrom: {secretKeyRef: {name: hidden, key: word} } }
                - {name: GREETING, value: hello}
                volumeMounts:
                - {name: shared, mountPath: /shared}
                - {name: config, mountPath: /config}
                - {name: secret, mountPath: /secret, readOnly: true}
              volumes:
              - {name: shared, emptyDir: {} }
              - {name: config, configMap: {name: plain} }
              - {name: secret, secret: {secretName: hidden} }
            """);
        await kubectl.FieldIsAsync("pod", "reader", ".status.phase", "Succeeded");

        Assert.Equal(
            "reader/red/open sesame/hello\n/www\nfrom init\nred\nopen sesame\nhello from a file\n",
            await kubectl.OkAsync("logs", "reader"));
    }

    [Fact]
    public async Task An_images_own_entrypoint_environment_and_directory_are_used()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "asis", $"--image={cluster.Rig.Registry}/miniplane/configured:1", "--restart=Never");
        await kubectl.FieldIsAsync("pod", "asis", ".status.phase", "Succeeded");

        Assert.Equal("hello from /www\n", await kubectl.OkAsync("logs", "asis"));
    }

    [Fact]
    public async Task A_rule_begins_the_pod_anew_in_its_job_with_its_address_and_volumes()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: anew}
            spec:
              restartPolicy: Never
              initContainers:
              - {name: first, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'echo first >> /shared/order; cat /shared/order'], volumeMounts: [{name: shared, mountPath: /shared}]}
              - name: watcher
                image: {{cluster.Rig.Busybox}}
                restartPolicy: Always
                restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]} }]
                command: [sh, -c, '[ -e /shared/bad ] && exec sleep 1000; until [ -e /shared/bad ]; do sleep 0.1; done; exit 88']
                volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
              - name: main
                image: {{cluster.Rig.Busybox}}
                command: [sh, -c, '[ -e /shared/bad ] && until [ -e /shared/end ]; do sleep 0.1; done && exit 0; echo first life; until [ -e /shared/ill ]; do sleep 0.1; done; touch /shared/bad; exec sleep 1000']
                volumeMounts: [{name: shared, mountPath: /shared}]
              volumes: [{name: shared, emptyDir: {} }]
            """);
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/anew", "--timeout=90s");
        string before = await WhereAsync();

        await kubectl.OkAsync("exec", "anew", "-c", "main", "--", "touch", "/shared/ill");
        await kubectl.FieldIsAsync("pod", "anew", ".status.containerStatuses[0].restartCount", "1");
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/anew", "--timeout=90s");

        Assert.Equal(before, await WhereAsync());
        Assert.Equal("first\nfirst\n", await kubectl.OkAsync("logs", "anew", "-c", "first"));
        Assert.Equal("first\n", await kubectl.OkAsync("logs", "anew", "-c", "first", "--previous"));
        Assert.Equal("first life\n", await kubectl.OkAsync("logs", "anew", "-c", "main", "--previous"));
        Assert.Equal(
            "1 1 RestartingAllContainers False",
            await kubectl.OkAsync(
                "get", "pod", "anew", "-o",
                "jsonpath={.status.initContainerStatuses[*].restartCount} {.status.containerStatuses[0].lastState.terminated.reason} {.status.conditions[?(@.type==\"AllContainersRestarting\")].status}"));
        await kubectl.OkAsync("exec", "anew", "-c", "main", "--", "touch", "/shared/end");
        await kubectl.FieldIsAsync("pod", "anew", ".status.phase", "Succeeded");

        Task<string> WhereAsync() => kubectl.OkAsync(
            "get", "pod", "anew", "-o", "jsonpath={.metadata.uid} {.status.podIP} {.metadata.annotations.slurm\\.miniplane\\.io/job-id}");
    }

    [Fact]
    public async Task Containers_share_volumes_and_have_logs_of_their_own()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: pair}
            spec:
              restartPolicy: Never
              containers:
              - {name: writer, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'echo written > /shared/file; echo writer done'], volumeMounts: [{name: shared, mountPath: /shared}]}
              - {name: reader, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'until [ -s /shared/file ]; do sleep 0.1; done; cat /shared/file'], volumeMounts: [{name: shared, mountPath: /shared}]}
              volumes: [{name: shared, emptyDir: {} }]
            """);
        await kubectl.FieldIsAsync("pod", "pair", ".status.phase", "Succeeded");

        Assert.Equal("writer done\n", await kubectl.OkAsync("logs", "pair", "-c", "writer"));
        Assert.Equal("written\n", await kubectl.OkAsync("logs", "pair", "-c", "reader"));
    }

    // What HPK's diagnostics look at, and that is not in another test: shared memory, localhost, a service's name, hard arguments.
    [Fact]
    public async Task Containers_meet_on_localhost_by_service_name_and_in_memory_and_get_their_arguments_as_they_are()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string port = $"{20_000 + (Math.Abs(kubectl.Namespace.GetHashCode(StringComparison.Ordinal)) % 10_000)}";
        await kubectl.OkAsync("create", "service", "clusterip", "meet", $"--tcp={port}:{port}");

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: meet, labels: {app: meet} }
            spec:
              restartPolicy: Never
              initContainers:
              - {name: server, restartPolicy: Always, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'echo in memory > /dev/shm/mark; exec httpd -f -p {{port}} -h /www'] }
              containers:
              - name: client
                image: {{cluster.Rig.Busybox}}
                command: [sh, -c, 'until wget -qO- http://localhost:{{port}}/; do sleep 0.2; done; until wget -qO- http://meet:{{port}}/; do sleep 0.2; done; cat /dev/shm/mark']
              - {name: words, image: {{cluster.Rig.Busybox}}, command: [printf, '<%s>'], args: ["a'b\"c", $HOME, $(NOPE), $$(X), x  y, "", "*", "\\n", ";&|<>(){}[]!#~`"] }
            """);
        await kubectl.FieldIsAsync("pod", "meet", ".status.phase", "Succeeded");

        Assert.Equal("hello from version 1\nhello from version 1\nin memory\n", await kubectl.OkAsync("logs", "meet", "-c", "client"));
        Assert.Equal("""<a'b"c><$HOME><$(NOPE)><$(X)><x  y><><*><\n><;&|<>(){}[]!#~`>""" + "\n", await kubectl.OkAsync("logs", "meet", "-c", "words"));
    }

    [Fact]
    public async Task Logs_are_followed_to_the_end()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync(
            "run", "counter", $"--image={cluster.Rig.Busybox}", "--restart=Never", "--",
            "sh", "-c", "for i in 1 2 3 4 5 6; do echo line $i; sleep 1; done");
        await kubectl.FieldIsAsync("pod", "counter", ".status.phase", "Running");

        string followed = await kubectl.OkAsync("logs", "-f", "counter");

        Assert.Equal("line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n", followed);
        Assert.Equal("line 5\nline 6\n", await kubectl.OkAsync("logs", "counter", "--tail=2"));
    }

    [Fact]
    public async Task Root_in_a_container_is_the_ordinary_user_outside()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string uid = (await cluster.Rig.RunAsync("id", "-u")).OrFail();

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: who}
            spec:
              restartPolicy: Never
              containers:
              - {name: main, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'id -u; touch /out/{{kubectl.Namespace}}'], volumeMounts: [{name: out, mountPath: /out}]}
              volumes: [{name: out, hostPath: {path: {{cluster.ControlPlane.Directory}} } }]
            """);
        await kubectl.FieldIsAsync("pod", "who", ".status.phase", "Succeeded");

        Assert.Equal("0\n", await kubectl.OkAsync("logs", "who"));
        Assert.NotEqual("0\n", uid);
        Assert.Equal(uid, (await cluster.Rig.RunAsync("stat", "-c", "%u", Path.Combine(cluster.ControlPlane.Directory, kubectl.Namespace))).OrFail());
    }

    [Fact]
    public async Task A_deleted_pod_gets_a_term_signal_and_time_to_act_on_it()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string marker = Path.Combine(cluster.ControlPlane.Directory, kubectl.Namespace + ".said");
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: polite}
            spec:
              containers:
              - name: main
                image: {{cluster.Rig.Busybox}}
                command: [sh, -c, 'trap "sleep 1; echo goodbye > /out/{{Path.GetFileName(marker)}}; exit 0" TERM; echo ready; while true; do sleep 0.2; done']
                volumeMounts: [{name: out, mountPath: /out}]
              volumes: [{name: out, hostPath: {path: {{cluster.ControlPlane.Directory}} } }]
            """);
        await kubectl.ShowsAsync("ready", "logs", "polite");

        await kubectl.OkAsync("delete", "pod", "polite", "--timeout=60s");

        Assert.Equal("goodbye\n", await File.ReadAllTextAsync(marker));
    }
}
