using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The object as a deletion left it, and whether it is gone or only marked.</summary>
internal readonly record struct DeleteResult(ObjectDocument Document, bool IsGone);
