using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Agents;

/// <summary>Tells agents when a ConfigMap or Secret of their pod has changed, so that mounted files follow.</summary>
internal sealed class ObjectPusher(IClusterClient cluster, KindDefinition kind, AgentHub hub, ILogger<ObjectPusher> logger, TimeProvider time)
    : WatchLoop(cluster, kind, logger, time)
{
    private readonly string _kind = kind.Kind;
    private bool _isFirst = true;

    protected override void Reset(IReadOnlyList<ObjectDocument> documents)
    {
        // The assignment of an agent that connects later reads the objects itself; after a gap everything is sent again.
        if (!_isFirst)
        {
            foreach (ObjectDocument document in documents)
            {
                Change(document, isGone: false);
            }
        }

        _isFirst = false;
    }

    protected override void Change(ObjectDocument document, bool isGone)
    {
        var named = new NamedObject { Kind = _kind, Name = document.Metadata.Name };
        if (!isGone)
        {
            named.Json = Google.Protobuf.ByteString.CopyFrom(document.Utf8.Span);
        }

        foreach (AgentSession session in hub.Sessions.Where(session => session.Uses(document.Metadata.Namespace, _kind, document.Metadata.Name)))
        {
            session.TrySend(new ControlMessage { Object = new ObjectUpdate { Object = named } });
        }
    }
}
