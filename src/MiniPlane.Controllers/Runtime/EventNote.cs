using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Something worth telling the user about an object, before it becomes an Event.</summary>
internal sealed record EventNote(
    KindDefinition Kind, ObjectDocument Regarding, string Type, string Reason, string Message, string Component, DateTimeOffset Time)
{
    /// <summary>Two notes with the same identity are one Event with a higher count.</summary>
    public string Identity => $"{Component}\n{Kind}\n{Regarding.Metadata.Uid}\n{Type}\n{Reason}\n{Message}";

    /// <summary>Many notes that differ only in their message are combined into one Event.</summary>
    public string Family => $"{Component}\n{Kind}\n{Regarding.Metadata.Uid}\n{Type}\n{Reason}";
}
