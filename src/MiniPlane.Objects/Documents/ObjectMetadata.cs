using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>The parts of <c>metadata</c> that the server itself acts on (meta.v1.ObjectMeta). Immutable.</summary>
public sealed class ObjectMetadata
{
    private static readonly Dictionary<string, string> NoStrings = new(StringComparer.Ordinal);

    public string Name { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    public string Uid { get; private set; } = "";

    public long Generation { get; private set; }

    public DateTimeOffset CreationTimestamp { get; private set; }

    public DateTimeOffset? DeletionTimestamp { get; private set; }

    public long? DeletionGracePeriodSeconds { get; private set; }

    public IReadOnlyDictionary<string, string> Labels { get; private set; } = NoStrings;

    public IReadOnlyDictionary<string, string> Annotations { get; private set; } = NoStrings;

    public IReadOnlyList<string> Finalizers { get; private set; } = [];

    public IReadOnlyList<OwnerReference> OwnerReferences { get; private set; } = [];

    public bool IsBeingDeleted => DeletionTimestamp is not null;

    /// <summary>The owner with <c>controller: true</c>, or null.</summary>
    public OwnerReference? Controller => OwnerReferences.FirstOrDefault(owner => owner.IsController);

    /// <summary>Reads the value of <c>metadata</c>; the reader stands on its StartObject and ends on its EndObject.</summary>
    internal static ObjectMetadata Read(ref Utf8JsonReader reader)
    {
        var metadata = new ObjectMetadata();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            metadata.ReadProperty(ref reader);
        }

        return metadata;
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        string property = reader.GetString() ?? "";
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        switch (property)
        {
            case "name": Name = reader.GetString() ?? ""; break;
            case "namespace": Namespace = string.Intern(reader.GetString() ?? ""); break;
            case "uid": Uid = reader.GetString() ?? ""; break;
            case "generation": Generation = reader.GetInt64(); break;
            case "creationTimestamp": CreationTimestamp = reader.GetDateTimeOffset(); break;
            case "deletionTimestamp": DeletionTimestamp = reader.GetDateTimeOffset(); break;
            case "deletionGracePeriodSeconds": DeletionGracePeriodSeconds = reader.GetInt64(); break;
            case "labels": Labels = ReadStrings(ref reader); break;
            case "annotations": Annotations = ReadStrings(ref reader); break;
            case "finalizers": Finalizers = ReadList(ref reader); break;
            case "ownerReferences": OwnerReferences = ReadOwners(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    private static Dictionary<string, string> ReadStrings(ref Utf8JsonReader reader)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString() ?? "";
            reader.Read();
            strings[key] = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : "";
        }

        return strings;
    }

    private static List<string> ReadList(ref Utf8JsonReader reader)
    {
        var list = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(reader.GetString() ?? "");
        }

        return list;
    }

    private static List<OwnerReference> ReadOwners(ref Utf8JsonReader reader)
    {
        var owners = new List<OwnerReference>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            owners.Add(ReadOwner(ref reader));
        }

        return owners;
    }

    private static OwnerReference ReadOwner(ref Utf8JsonReader reader)
    {
        var owner = new OwnerReference("", "", "", "", false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString() ?? "";
            reader.Read();
            owner = property switch
            {
                "apiVersion" => owner with { ApiVersion = reader.GetString() ?? "" },
                "kind" => owner with { Kind = reader.GetString() ?? "" },
                "name" => owner with { Name = reader.GetString() ?? "" },
                "uid" => owner with { Uid = reader.GetString() ?? "" },
                "controller" => owner with { IsController = reader.TokenType == JsonTokenType.True },
                "blockOwnerDeletion" => owner with { BlocksOwnerDeletion = reader.TokenType == JsonTokenType.True },
                _ => owner,
            };
        }

        return owner;
    }
}
