using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Revisions;

/// <summary>
/// One ControllerRevision of a StatefulSet or DaemonSet. Its <c>data</c> is the patch <c>{"spec":{"template":{…,"$patch":"replace"}}}</c>,
/// as upstream writes it, because kubectl rollout undo sends exactly that back.
/// </summary>
internal sealed record OwnedRevision(ObjectDocument Document)
{
    private const string Directive = "$patch";

    public string Name => Document.Metadata.Name;

    public long Number { get; } = Document.ToJson().Integer("revision") ?? 0;

    /// <summary>The pod template that this revision keeps.</summary>
    public JsonObject Template
    {
        get
        {
            if (field is null)
            {
                JsonObject template = (JsonObject?)Document.ToJson().Object("data", "spec", "template")?.DeepClone() ?? [];
                template.Remove(Directive);
                field = template;
            }

            return field;
        }
    }

    /// <summary>What a revision stores of a template.</summary>
    public static JsonObject Data(JsonObject template)
    {
        var copy = (JsonObject)template.DeepClone();
        copy[Directive] = "replace";
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = copy } };
    }
}
