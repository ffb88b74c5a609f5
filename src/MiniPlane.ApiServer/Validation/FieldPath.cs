using System.Globalization;
using System.Runtime.CompilerServices;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Where a rule looks: <c>spec.containers[0].name</c>. It is written as an interpolated text over the path above it and keeps the parts;
/// the text is only made for an error, which a valid object has none of.
/// </summary>
[InterpolatedStringHandler]
internal sealed class FieldPath
{
    private FieldPath? _above;
    private string _name = "";
    private int _index = -1;
    private string _rest = "";

    public FieldPath(string text) => _name = text;

    /// <summary>What the compiler calls for <c>$"{path}.name"</c>; it then appends the parts in their order.</summary>
    public FieldPath(int literalLength, int formattedCount) => _ = literalLength + formattedCount;

    private FieldPath(FieldPath begun) => (_above, _name, _index, _rest) = (begun._above, begun._name, begun._index, begun._rest);

    public bool IsEmpty => _above is null or { IsEmpty: true } && _name.Length == 0 && _index < 0;

    public static implicit operator FieldPath(string text) => new(text);

    public static implicit operator string(FieldPath path) => path.ToString();

    public void AppendFormatted(FieldPath path)
    {
        if (_above is null && _name.Length == 0 && _index < 0)
        {
            _above = path;
        }
        else
        {
            AppendLiteral(path.ToString());
        }
    }

    public void AppendFormatted(string text) => AppendLiteral(text);

    public void AppendFormatted(int index)
    {
        if (_index >= 0)
        {
            BeginAnew();
        }

        _index = index;
    }

    public void AppendLiteral(string text)
    {
        if (_index < 0 && _name.Length == 0)
        {
            _name = text;
        }
        else if (_index >= 0 && _rest.Length == 0)
        {
            _rest = text;
        }
        else
        {
            BeginAnew();
            _name = text;
        }
    }

    public override string ToString() => _index < 0
        ? $"{_above?.ToString()}{_name}"
        : string.Create(CultureInfo.InvariantCulture, $"{_above?.ToString()}{_name}{_index}{_rest}");

    // What was written so far becomes the path above.
    private void BeginAnew()
    {
        _above = new FieldPath(this);
        (_name, _index, _rest) = ("", -1, "");
    }
}
