using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Walks the properties of one JSON object of a stored document without looking into their values (<see cref="StoredText"/>).
/// </summary>
internal ref struct StoredProperties
{
    private readonly ReadOnlySpan<byte> _utf8;
    private bool _isFirst = true;

    // Before the next property, or -1 while the end of the last one's value was not looked for.
    private int _at;

    /// <param name="utf8">The document.</param>
    /// <param name="start">Where the object's opening bracket is.</param>
    /// <exception cref="JsonException">There is no object.</exception>
    public StoredProperties(ReadOnlySpan<byte> utf8, int start)
    {
        _utf8 = utf8;
        _at = StoredText.Expect(utf8, StoredText.SkipBlanks(utf8, start), (byte)'{');
    }

    private StoredProperties(ReadOnlySpan<byte> utf8, int end, bool isFirst)
    {
        _utf8 = utf8;
        _at = end;
        _isFirst = isFirst;
    }

    /// <summary>The name of the property, without its quotes and as it is written.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Where its value begins.</summary>
    public int Start { get; private set; }

    /// <summary>
    /// The place after its value; once all were walked, the place after the object. Who has walked the value sets it, so that its end is
    /// not looked for again.
    /// </summary>
    public int End
    {
        get => _at < 0 ? _at = StoredText.EndOfValue(_utf8, Start) : _at;
        set => _at = value;
    }

    /// <summary>The first letter of its value, which tells what it is.</summary>
    public readonly byte First => _utf8[Start];

    public ReadOnlySpan<byte> Value => _utf8[Start..End];

    /// <summary>Goes on behind a property whose value ends at <paramref name="end"/>.</summary>
    public static StoredProperties After(ReadOnlySpan<byte> utf8, int end) => new(utf8, end, isFirst: false);

    public bool MoveNext()
    {
        _at = StoredText.SkipBlanks(_utf8, End);
        if (StoredText.At(_utf8, _at) == '}')
        {
            _at++;
            return false;
        }

        if (!_isFirst)
        {
            _at = StoredText.SkipBlanks(_utf8, StoredText.Expect(_utf8, _at, (byte)','));
        }

        _isFirst = false;
        int end = StoredText.EndOfValue(_utf8, _at);
        Name = _utf8[(_at + 1)..(end - 1)];
        _at = StoredText.Expect(_utf8, StoredText.SkipBlanks(_utf8, end), (byte)':');
        Start = StoredText.SkipBlanks(_utf8, _at);
        _ = StoredText.At(_utf8, Start);
        _at = -1;
        return true;
    }

    /// <summary>Walks on to the property of this name.</summary>
    public bool MoveTo(ReadOnlySpan<byte> name)
    {
        while (MoveNext())
        {
            if (Name.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A reader on the first token of the value.</summary>
    public Utf8JsonReader Read()
    {
        var reader = new Utf8JsonReader(Value);
        reader.Read();
        return reader;
    }
}
