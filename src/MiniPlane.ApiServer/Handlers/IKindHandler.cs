using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Answers all verbs of a kind that is not stored: measurements.</summary>
internal interface IKindHandler : IRequestHandler
{
    bool Handles(KindDefinition kind);
}
