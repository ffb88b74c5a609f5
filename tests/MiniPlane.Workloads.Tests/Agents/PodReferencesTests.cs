using System.Text.Json;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Tests.Agents;

public sealed class PodReferencesTests
{
    [Fact]
    public void Every_place_that_names_an_object_counts()
    {
        PodView pod = Yaml.Load(
            """
            metadata: {name: p}
            spec:
              imagePullSecrets: [{name: pull}]
              initContainers: [{name: i, envFrom: [{configMapRef: {name: c1}}]}]
              containers:
              - name: a
                env:
                - {name: A, valueFrom: {configMapKeyRef: {name: c2, key: k}}}
                - {name: B, valueFrom: {secretKeyRef: {name: s1, key: k}}}
                - {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                envFrom: [{secretRef: {name: s2}}]
              volumes:
              - {name: v1, configMap: {name: c3}}
              - {name: v2, secret: {secretName: s3}}
              - {name: v3, persistentVolumeClaim: {claimName: claim}}
              - {name: v4, projected: {sources: [{configMap: {name: c4}}, {secret: {name: s4}}, {serviceAccountToken: {path: t, audience: x}}]}}
              - {name: v5, emptyDir: {}}
            """).Deserialize(WorkloadsJson.Default.PodView)!;

        IEnumerable<string> names = PodReferences.Of("p", pod.Spec).Select(reference => $"{reference.Kind}/{reference.Name}").Order(StringComparer.Ordinal);

        Assert.Equal(
            "ConfigMap/c1 ConfigMap/c2 ConfigMap/c3 ConfigMap/c4 PersistentVolumeClaim/claim Secret/pull Secret/s1 Secret/s2 Secret/s3 Secret/s4",
            string.Join(' ', names));
        Assert.Equal("x", Assert.Single(PodReferences.TokensOf(pod.Spec)).Audience);
    }
}
