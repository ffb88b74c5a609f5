using System.Text.Json;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Apply;

/// <summary>One entry of <c>metadata.managedFields</c> (meta.v1.ManagedFieldsEntry).</summary>
internal sealed record ManagedFieldsEntry(FieldManager Manager, bool IsApply, string Time, FieldSet Fields)
{
    /// <summary>
    /// Reads an entry; the reader, which reads <paramref name="text"/>, stands on its StartObject and ends on its EndObject.
    /// </summary>
    public static ManagedFieldsEntry Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        string manager = "";
        string apiVersion = "";
        string subresource = "";
        string time = "";
        bool isApply = false;
        FieldSet? fields = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = PropertyNames.Read(ref reader);
            reader.Read();
            switch (name)
            {
                case "manager": manager = Text(ref reader); break;
                case "apiVersion": apiVersion = Text(ref reader); break;
                case "subresource": subresource = Text(ref reader); break;
                case "time": time = Text(ref reader); break;
                case "operation": isApply = Text(ref reader) == "Apply"; break;
                case "fieldsV1": fields = FieldSetTexts.Read(ref reader, text); break;
                default: reader.Skip(); break;
            }
        }

        return new ManagedFieldsEntry(new FieldManager(manager, apiVersion, subresource), isApply, time, fields ?? new FieldSet());
    }

    /// <summary>An applier is the same one in every version; an updater is one per version.</summary>
    public bool IsOf(FieldManager manager, bool isApply) =>
        IsApply == isApply && Manager.Name == manager.Name && Manager.Subresource == manager.Subresource
        && (isApply || Manager.ApiVersion == manager.ApiVersion);

    public void WriteTo(Utf8JsonWriter writer) => WriteTo(writer, Fields.WriteTo);

    /// <summary>Writes the entry with what <paramref name="writeFields"/> writes as its fields.</summary>
    public void WriteTo(Utf8JsonWriter writer, Action<Utf8JsonWriter> writeFields)
    {
        writer.WriteStartObject();
        writer.WriteString("manager"u8, Manager.Name);
        writer.WriteString("operation"u8, IsApply ? "Apply"u8 : "Update"u8);
        writer.WriteString("apiVersion"u8, Manager.ApiVersion);
        if (Time.Length > 0)
        {
            writer.WriteString("time"u8, Time);
        }

        writer.WriteString("fieldsType"u8, "FieldsV1"u8);
        writer.WritePropertyName("fieldsV1"u8);
        writeFields(writer);
        if (Manager.Subresource.Length > 0)
        {
            writer.WriteString("subresource"u8, Manager.Subresource);
        }

        writer.WriteEndObject();
    }

    /// <summary>As conflict messages name it.</summary>
    public string Describe()
    {
        string subresource = Manager.Subresource.Length > 0 ? $" with subresource \"{Manager.Subresource}\"" : "";
        string version = IsApply ? "" : $" using {Manager.ApiVersion}";
        return $"\"{Manager.Name}\"{subresource}{version}";
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() ?? "";
        }

        reader.Skip();
        return "";
    }
}
