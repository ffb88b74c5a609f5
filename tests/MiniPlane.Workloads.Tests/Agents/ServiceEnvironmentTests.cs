using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Agents;

namespace MiniPlane.Workloads.Tests.Agents;

public sealed class ServiceEnvironmentTests
{
    private static ObjectDocument Web => DraftDocument.From(Yaml.Load(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web-app, namespace: team}
        spec:
          clusterIP: None
          ports:
          - {name: http, port: 80, targetPort: 8080, protocol: TCP}
          - {name: metrics, port: 9090, targetPort: metrics, protocol: TCP}
        """)).Stamp(1);

    [Fact]
    public void A_service_is_known_by_its_name_and_the_port_its_pods_listen_on()
    {
        IReadOnlyDictionary<string, string> variables = ServiceEnvironment.Build(
            "team", [Web], links: true, new Uri("https://10.0.0.5:6443"), "cluster.local");

        Assert.Equal("web-app.team.svc.cluster.local", variables["WEB_APP_SERVICE_HOST"]);
        Assert.Equal("8080", variables["WEB_APP_SERVICE_PORT"]);
        Assert.Equal("9090", variables["WEB_APP_SERVICE_PORT_METRICS"]);
        Assert.Equal("tcp://web-app.team.svc.cluster.local:8080", variables["WEB_APP_PORT_8080_TCP"]);
        Assert.Equal(("10.0.0.5", "6443"), (variables["KUBERNETES_SERVICE_HOST"], variables["KUBERNETES_SERVICE_PORT"]));
    }

    [Fact]
    public void Without_service_links_only_the_API_server_is_told()
    {
        IReadOnlyDictionary<string, string> variables = ServiceEnvironment.Build(
            "team", [Web], links: false, new Uri("https://10.0.0.5:6443"), "cluster.local");

        Assert.All(variables.Keys, name => Assert.StartsWith("KUBERNETES_", name, StringComparison.Ordinal));
    }
}
