using System.Text;

namespace MiniPlane.Integration.Tests.CommandLine;

/// <summary>What a program says, readable while it speaks; a <see cref="StringWriter"/> that is read meanwhile may throw.</summary>
internal sealed class SharedText : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_gate)
        {
            _text.Append(value);
        }
    }

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
        }
    }

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }
}
