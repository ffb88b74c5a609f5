using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>One version of a definition.</summary>
internal sealed record CustomVersion(KindDefinition Kind, bool IsServed, bool IsStorage);
