using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>Walks the items of one JSON array of a stored document, as <see cref="StoredProperties"/> walks an object.</summary>
internal ref struct StoredItems
{
    private readonly ReadOnlySpan<byte> _utf8;
    private bool _isFirst = true;

    // Before the next item, or -1 while the end of the last one was not looked for.
    private int _at;

    /// <param name="utf8">The document.</param>
    /// <param name="start">Where the array's opening bracket is.</param>
    /// <exception cref="JsonException">There is no array.</exception>
    public StoredItems(ReadOnlySpan<byte> utf8, int start)
    {
        _utf8 = utf8;
        _at = StoredText.Expect(utf8, StoredText.SkipBlanks(utf8, start), (byte)'[');
    }

    /// <summary>Where the item begins.</summary>
    public int Start { get; private set; }

    /// <summary>The place after it, or after the array, as <see cref="StoredProperties.End"/>.</summary>
    public int End
    {
        get => _at < 0 ? _at = StoredText.EndOfValue(_utf8, Start) : _at;
        set => _at = value;
    }

    public ReadOnlySpan<byte> Value => _utf8[Start..End];

    public bool MoveNext()
    {
        _at = StoredText.SkipBlanks(_utf8, End);
        if (StoredText.At(_utf8, _at) == ']')
        {
            _at++;
            return false;
        }

        if (!_isFirst)
        {
            _at = StoredText.SkipBlanks(_utf8, StoredText.Expect(_utf8, _at, (byte)','));
        }

        _isFirst = false;
        Start = _at;
        _ = StoredText.At(_utf8, Start);
        _at = -1;
        return true;
    }
}
