using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// A writer of JSON and what it wrote, lent by the thread for as long as a text is made: <c>using var scratch = JsonScratch.Take();</c>.
/// A second one taken meanwhile is simply another one.
/// </summary>
public sealed class JsonScratch : IDisposable
{
    private const int LargestKept = 256 << 10;

    [ThreadStatic]
    private static JsonScratch? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(8192);

    private JsonScratch() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 1000,
    });

    public Utf8JsonWriter Writer { get; }

    /// <summary>All that was written until now; true until the scratch is given back.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            Writer.Flush();
            return _buffer.WrittenSpan;
        }
    }

    public static JsonScratch Take()
    {
        JsonScratch scratch = _spare ?? new JsonScratch();
        _spare = null;
        return scratch;
    }

    public void Dispose()
    {
        if (_buffer.Capacity <= LargestKept)
        {
            _buffer.ResetWrittenCount();
            Writer.Reset();
            _spare = this;
        }
    }
}
