using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Answers all verbs of a kind that is not stored: measurements, the state of components.</summary>
internal interface IKindHandler : IRequestHandler
{
    bool Handles(KindDefinition kind);
}
