using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>Walks the items of one JSON array of a stored document, as <see cref="StoredProperties"/> walks an object.</summary>
internal ref struct StoredItems
{
    private readonly ReadOnlySpan<byte> _utf8;
    private int _at;
    private bool _isFirst = true;

    /// <param name="utf8">The array.</param>
    /// <exception cref="JsonException">There is no array.</exception>
    public StoredItems(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _at = StoredText.Expect(utf8, StoredText.SkipBlanks(utf8, 0), (byte)'[');
    }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        _at = StoredText.SkipBlanks(_utf8, _at);
        if (StoredText.At(_utf8, _at) == ']')
        {
            return false;
        }

        if (!_isFirst)
        {
            _at = StoredText.SkipBlanks(_utf8, StoredText.Expect(_utf8, _at, (byte)','));
        }

        _isFirst = false;
        int end = StoredText.EndOfValue(_utf8, _at);
        Value = _utf8[_at..end];
        _at = end;
        return true;
    }
}
