using System.Buffers;
using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Walks the properties of one JSON object of a stored document without looking into their values: the text was written and checked by
/// this server, so a value's end is found by its brackets and quotes alone, several times faster than a reader that validates.
/// </summary>
internal ref struct StoredProperties
{
    private static readonly SearchValues<byte> AfterLiteral = SearchValues.Create(",]} \n\r\t"u8);

    private readonly ReadOnlySpan<byte> _utf8;
    private int _at;
    private bool _isFirst = true;

    /// <param name="utf8">The document.</param>
    /// <param name="start">Where the object's opening bracket is.</param>
    /// <exception cref="JsonException">There is no object.</exception>
    public StoredProperties(ReadOnlySpan<byte> utf8, int start)
    {
        _utf8 = utf8;
        _at = SkipBlanks(utf8, start);
        Expect((byte)'{');
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

    /// <summary>The place after its value; once all were walked, the place after the object.</summary>
    public int End { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _utf8[Start..End];

    /// <summary>Goes on behind a property whose value ends at <paramref name="end"/>.</summary>
    public static StoredProperties After(ReadOnlySpan<byte> utf8, int end) => new(utf8, end, isFirst: false);

    public bool MoveNext()
    {
        _at = SkipBlanks(_utf8, _at);
        if (At(_utf8, _at) == '}')
        {
            End = _at + 1;
            return false;
        }

        if (!_isFirst)
        {
            Expect((byte)',');
            _at = SkipBlanks(_utf8, _at);
        }

        _isFirst = false;
        int end = EndOfValue(_utf8, _at);
        Name = _utf8[(_at + 1)..(end - 1)];
        _at = SkipBlanks(_utf8, end);
        Expect((byte)':');
        Start = SkipBlanks(_utf8, _at);
        End = _at = EndOfValue(_utf8, Start);
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
    public readonly Utf8JsonReader Read()
    {
        var reader = new Utf8JsonReader(Value);
        reader.Read();
        return reader;
    }

    private static int EndOfValue(ReadOnlySpan<byte> utf8, int at)
    {
        int depth = 0;
        do
        {
            switch (At(utf8, at))
            {
                case (byte)'"':
                    at = EndOfString(utf8, at);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    at++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    at++;
                    break;
                case (byte)',' or (byte)':' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' when depth > 0:
                    at++;
                    break;
                default:
                    int length = utf8[at..].IndexOfAny(AfterLiteral);
                    at = length > 0 ? at + length : throw Broken(at);
                    break;
            }
        }
        while (depth > 0);
        return depth == 0 ? at : throw Broken(at);
    }

    private static int EndOfString(ReadOnlySpan<byte> utf8, int at)
    {
        for (at++; ; at += 2)
        {
            int length = utf8[at..].IndexOfAny((byte)'"', (byte)'\\');
            at = length >= 0 ? at + length : throw Broken(at);
            if (utf8[at] == '"')
            {
                return at + 1;
            }

            if (at + 2 > utf8.Length)
            {
                throw Broken(at);
            }
        }
    }

    private static int SkipBlanks(ReadOnlySpan<byte> utf8, int at)
    {
        while (At(utf8, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static byte At(ReadOnlySpan<byte> utf8, int at) => at < utf8.Length ? utf8[at] : throw Broken(at);

    private static JsonException Broken(int at) => new($"A stored object is not JSON at byte {at}.");

    private void Expect(byte letter) => _at = At(_utf8, _at) == letter ? _at + 1 : throw Broken(_at);
}
