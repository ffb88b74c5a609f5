using System.Text.Json;
using Google.Protobuf;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Fakes;

internal static class Contexts
{
    /// <summary>A pod default/web with this spec, and the objects given as kind, name, JSON.</summary>
    public static PodContext Make(string specJson, params (string Kind, string Name, string Json)[] objects)
    {
        PodObjects known = new();
        foreach ((string kind, string name, string json) in objects)
        {
            known.Set(new NamedObject { Kind = kind, Name = name, Json = ByteString.CopyFromUtf8(json) });
        }

        string pod = $$$"""
            {"metadata":{"name":"web","namespace":"default","uid":"u1","labels":{"b":"2","a":"say \"1\""}},"spec":{{{specJson}}} }
            """;
        return new PodContext
        {
            Pod = JsonSerializer.Deserialize(pod, PodJson.Default.PodView)!,
            Objects = known,
            ServiceEnvironment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DB_SERVICE_HOST"] = "db.default.svc" },
            PodIp = "10.1.0.7",
            HostIp = "10.0.0.1",
            ClusterDomain = "cluster.local",
            DnsServer = "",
            Capacity = new NodeCapacity("8", "1Gi"),
        };
    }
}
