using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// One stored object: its canonical UTF-8 JSON at one revision, immutable and shared by reference. What the server needs
/// at hand (metadata, typed views) is read from the bytes on first use and kept.
/// </summary>
public sealed class ObjectDocument
{
    private ObjectMetadata? _metadata;
    private object? _view;
    private object? _otherView;
    private object? _prepared;

    // Where spec and status begin, 0 for a part that is not there; -1 until somebody asks.
    private long _parts = -1;

    /// <param name="utf8">Canonical JSON; its <c>metadata.resourceVersion</c> is <paramref name="revision"/>.</param>
    /// <param name="revision">The store revision of this write.</param>
    public ObjectDocument(ReadOnlyMemory<byte> utf8, long revision)
    {
        Utf8 = utf8;
        Revision = revision;
    }

    public ReadOnlyMemory<byte> Utf8 { get; }

    public long Revision { get; }

    /// <summary>The revision as clients see it.</summary>
    public string ResourceVersion => Revision.ToString(CultureInfo.InvariantCulture);

    public ObjectMetadata Metadata => _metadata ??= ReadMetadata(Utf8);

    /// <summary>The JSON of <c>metadata</c>, a part of <see cref="Utf8"/>.</summary>
    public ReadOnlyMemory<byte> MetadataUtf8 => Metadata.In(Utf8);

    /// <summary>
    /// A place for one small form of the document that is costly to make and wanted again: the API server keeps a table's row there.
    /// </summary>
    public object? Prepared
    {
        get => Volatile.Read(ref _prepared);
        set => Volatile.Write(ref _prepared, value);
    }

    public ObjectKey Key => new(Metadata.Namespace, Metadata.Name);

    /// <summary>A new, mutable copy of the JSON.</summary>
    public JsonObject ToJson() =>
        StoredJson.Parse(Utf8.Span) ?? throw new JsonException("A stored object is not a JSON object.");

    /// <summary>A new, mutable copy of the JSON of <c>metadata</c>.</summary>
    public JsonObject MetadataToJson() =>
        StoredJson.Parse(MetadataUtf8.Span) ?? throw new JsonException("The metadata of a stored object are not a JSON object.");

    /// <summary>
    /// Whether the JSON has this text anywhere. No is certain and costs next to nothing; yes is a reason to look. A property's name is
    /// asked for with its quotes, which keeps the <c>f:</c> names of <c>managedFields</c> apart.
    /// </summary>
    public bool Mentions(ReadOnlySpan<byte> text) => Utf8.Span.IndexOf(text) >= 0;

    /// <summary>
    /// One string of <c>spec</c> or <c>status</c>, such as <c>spec.nodeName</c>, at a small part of a view's price; null when it is not
    /// there or is no string. What many objects repeat is one text.
    /// </summary>
    public string? Text(ReadOnlySpan<byte> part, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> utf8 = Utf8.Span;
        int end = Metadata.End;
        if (utf8[end..].IndexOf(name) < 0)
        {
            return null;
        }

        int start = part.SequenceEqual("spec"u8) ? Parts.Spec : part.SequenceEqual("status"u8) ? Parts.Status : 0;
        if (start == 0 || utf8[start] != '{')
        {
            return null;
        }

        var inner = new StoredProperties(utf8, start);
        if (!inner.MoveTo(name) || inner.First != '"')
        {
            return null;
        }

        Utf8JsonReader reader = inner.Read();
        return StringPool.Shared.Read(ref reader);
    }

    /// <summary>
    /// A typed, read-only view of the fields a controller uses. Two types (one of the controllers, one of the backend) are kept
    /// while the document is among those that were viewed last.
    /// </summary>
    public T As<T>(JsonTypeInfo<T> typeInfo)
        where T : class
    {
        if (Volatile.Read(ref _view) is T view)
        {
            return view;
        }

        if (Volatile.Read(ref _otherView) is T other)
        {
            return other;
        }

        T made = JsonSerializer.Deserialize(Utf8.Span, typeInfo)
            ?? throw new JsonException("A stored object is JSON null.");
        if (_view is null)
        {
            Volatile.Write(ref _view, made);
            RecentViews.Add(this);
        }
        else
        {
            Volatile.Write(ref _otherView, made);
        }

        return made;
    }

    /// <summary>The view of this type, if somebody made it and it is still kept.</summary>
    public T? Viewed<T>()
        where T : class => Volatile.Read(ref _view) as T ?? Volatile.Read(ref _otherView) as T;

    /// <summary>Gives the memory of the views back; they are made again when somebody asks.</summary>
    internal void DropViews()
    {
        Volatile.Write(ref _view, null);
        Volatile.Write(ref _otherView, null);
    }

    // Several followers look at each new document; the first of them walks past its parts.
    private (int Spec, int Status) Parts
    {
        get
        {
            long known = Interlocked.Read(ref _parts);
            if (known < 0)
            {
                int spec = 0;
                int status = 0;
                var properties = StoredProperties.After(Utf8.Span, Metadata.End);
                while ((spec == 0 || status == 0) && properties.MoveNext())
                {
                    spec = properties.Name.SequenceEqual("spec"u8) ? properties.Start : spec;
                    status = properties.Name.SequenceEqual("status"u8) ? properties.Start : status;
                }

                known = ((long)spec << 32) | (uint)status;
                Interlocked.Exchange(ref _parts, known);
            }

            return ((int)(known >> 32), (int)known);
        }
    }

    private static ObjectMetadata ReadMetadata(ReadOnlyMemory<byte> utf8)
    {
        var properties = new StoredProperties(utf8.Span, 0);
        return properties.MoveTo("metadata"u8)
            ? ObjectMetadata.Read(utf8, properties.Start)
            : throw new JsonException("A stored object has no metadata.");
    }
}
