using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The object after a write (as it would be, for a dry run), and whether the write made it.</summary>
internal readonly record struct WriteResult(ObjectDocument Document, bool IsCreated);
