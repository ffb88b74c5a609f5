using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Apply;

/// <summary>One entry of <c>metadata.managedFields</c> (meta.v1.ManagedFieldsEntry).</summary>
internal sealed record ManagedFieldsEntry(FieldManager Manager, bool IsApply, string Time, FieldSet Fields)
{
    public static ManagedFieldsEntry FromJson(JsonObject json) => new(
        new FieldManager(Text(json, "manager"), Text(json, "apiVersion"), Text(json, "subresource")),
        Text(json, "operation") == "Apply",
        Text(json, "time"),
        FieldSet.FromJson(json["fieldsV1"]));

    /// <summary>An applier is the same one in every version; an updater is one per version.</summary>
    public bool IsOf(FieldManager manager, bool isApply) =>
        IsApply == isApply && Manager.Name == manager.Name && Manager.Subresource == manager.Subresource
        && (isApply || Manager.ApiVersion == manager.ApiVersion);

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["manager"] = Manager.Name,
            ["operation"] = IsApply ? "Apply" : "Update",
            ["apiVersion"] = Manager.ApiVersion,
        };
        if (Time.Length > 0)
        {
            json["time"] = Time;
        }

        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = Fields.ToJson();
        if (Manager.Subresource.Length > 0)
        {
            json["subresource"] = Manager.Subresource;
        }

        return json;
    }

    /// <summary>As conflict messages name it.</summary>
    public string Describe()
    {
        string subresource = Manager.Subresource.Length > 0 ? $" with subresource \"{Manager.Subresource}\"" : "";
        string version = IsApply ? "" : $" using {Manager.ApiVersion}";
        return $"\"{Manager.Name}\"{subresource}{version}";
    }

    private static string Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
