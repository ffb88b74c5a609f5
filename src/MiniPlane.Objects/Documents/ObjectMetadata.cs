using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// The parts of <c>metadata</c> that the server itself acts on (meta.v1.ObjectMeta). Immutable. Every stored object keeps one, so
/// it is small: texts that many objects share are shared, annotations are read when somebody asks.
/// </summary>
public sealed class ObjectMetadata
{
    private int _start;
    private int _end;
    private ReadOnlyMemory<byte> _annotationsUtf8;
    private IReadOnlyDictionary<string, string>? _annotations;

    public string Name { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    public string Uid { get; private set; } = "";

    public long Generation { get; private set; }

    public DateTimeOffset CreationTimestamp { get; private set; }

    public DateTimeOffset? DeletionTimestamp { get; private set; }

    public long? DeletionGracePeriodSeconds { get; private set; }

    public IReadOnlyDictionary<string, string> Labels { get; private set; } = StringMap.Empty;

    public IReadOnlyDictionary<string, string> Annotations => _annotations ??= ReadAnnotations();

    public IReadOnlyList<string> Finalizers { get; private set; } = [];

    public IReadOnlyList<OwnerReference> OwnerReferences { get; private set; } = [];

    public bool IsBeingDeleted => DeletionTimestamp is not null;

    /// <summary>The owner with <c>controller: true</c>, or null.</summary>
    public OwnerReference? Controller => OwnerReferences.FirstOrDefault(owner => owner.IsController);

    /// <summary>Reads the value of <c>metadata</c>, which begins at <paramref name="start"/>.</summary>
    internal static ObjectMetadata Read(ReadOnlyMemory<byte> utf8, int start)
    {
        var metadata = new ObjectMetadata { _start = start };
        var properties = new StoredProperties(utf8.Span, start);
        while (properties.MoveNext())
        {
            metadata.ReadProperty(ref properties, utf8);
        }

        metadata._end = properties.End;
        return metadata;
    }

    /// <summary>Where it begins in the document it was read from.</summary>
    internal int Start => _start;

    /// <summary>The place after it in the document it was read from.</summary>
    internal int End => _end;

    /// <summary>Its own place in the document it was read from.</summary>
    internal ReadOnlyMemory<byte> In(ReadOnlyMemory<byte> utf8) => utf8[_start.._end];

    private void ReadProperty(ref StoredProperties property, ReadOnlyMemory<byte> utf8)
    {
        ReadOnlySpan<byte> name = property.Name;
        if (name.SequenceEqual("managedFields"u8) || property.Value.SequenceEqual("null"u8))
        {
            return;
        }

        Utf8JsonReader reader = property.Read();
        if (name.SequenceEqual("name"u8))
        {
            Name = reader.GetString() ?? "";
        }
        else if (name.SequenceEqual("namespace"u8))
        {
            Namespace = StringPool.Shared.Read(ref reader);
        }
        else if (name.SequenceEqual("uid"u8))
        {
            Uid = reader.GetString() ?? "";
        }
        else if (name.SequenceEqual("generation"u8))
        {
            Generation = reader.GetInt64();
        }
        else if (name.SequenceEqual("labels"u8))
        {
            Labels = StringMap.Read(ref reader);
        }
        else if (name.SequenceEqual("annotations"u8))
        {
            _annotationsUtf8 = utf8[property.Start..property.End];
        }
        else if (name.SequenceEqual("finalizers"u8))
        {
            Finalizers = ReadList(ref reader);
        }
        else if (name.SequenceEqual("ownerReferences"u8))
        {
            OwnerReferences = ReadOwners(ref reader);
        }
        else
        {
            ReadTime(reader, name);
        }
    }

    private void ReadTime(Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("creationTimestamp"u8))
        {
            CreationTimestamp = reader.GetDateTimeOffset();
        }
        else if (name.SequenceEqual("deletionTimestamp"u8))
        {
            DeletionTimestamp = reader.GetDateTimeOffset();
        }
        else if (name.SequenceEqual("deletionGracePeriodSeconds"u8))
        {
            DeletionGracePeriodSeconds = reader.GetInt64();
        }
    }

    private StringMap ReadAnnotations()
    {
        if (_annotationsUtf8.IsEmpty)
        {
            return StringMap.Empty;
        }

        var reader = new Utf8JsonReader(_annotationsUtf8.Span);
        reader.Read();
        return StringMap.Read(ref reader);
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
