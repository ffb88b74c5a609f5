using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>One object before and after a change; <see cref="Before"/> is null for a new one, <see cref="After"/> for a deleted one.</summary>
public sealed record ObjectChange(KindDefinition Kind, ObjectDocument? Before, ObjectDocument? After)
{
    /// <summary>The newest known state; for a deleted object its last one.</summary>
    public ObjectDocument Current =>
        After ?? Before ?? throw new InvalidOperationException("A change has at least one side.");
}
